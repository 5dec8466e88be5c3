"""What is wrong with this computer, or was with the program, and what helps; no widget is in here."""
