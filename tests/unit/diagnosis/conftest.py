"""Servers with scripted answers for the checks, those of the client's tests."""

from tests.unit.client.conftest import certificate, provider, wire

__all__ = ["certificate", "provider", "wire"]
