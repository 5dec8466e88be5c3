"""Drives the real window through what the program is for, on the sandbox, with a picture of every step."""
