"""Gathers what is wrong with a call, in the words of the production database (API reference §3)."""

from __future__ import annotations

from typing import Any

from itkgui.sandbox.errors import PREFIX, CommandError

Json = dict[str, Any]


class Problems:
    """What is wrong with the keys of one call, gathered until all has been looked at.

    A path is such as "$.results.VOLTAGE".
    """

    def __init__(self, command: str) -> None:
        self.command = command
        self._unsupported: list[str] = []
        self._invalid: Json = {}
        self._missing: Json = {}

    def unsupported(self, path: str) -> None:
        """Note a key that is ignored, with a warning."""
        self._unsupported.append(path)

    def invalid(self, path: str, problem: dict[str, str]) -> None:
        """Note a value that breaks a rule, such as {"oneOf.e001": "The value must be one of ['S', 'P']."}."""
        self._invalid[path] = problem

    def missing(self, path: str) -> None:
        self._missing[path] = {"isRequired.e001": "The value is required but missing."}

    def refused(self, path: str, rule: str, message: str) -> CommandError:
        """Return the error for a value that only the command itself can judge."""
        self.invalid(path, {rule: message})
        return self.error()

    def lacking(self, path: str) -> CommandError:
        """Return the error for a value that only the command itself knows to be needed."""
        self.missing(path)
        return self.error()

    def settle(self) -> None:
        """Raises CommandError if anything is missing or invalid."""
        if self._missing or self._invalid:
            raise self.error()

    @property
    def warnings(self) -> Json:
        """The warnings, as they stand in a uuAppErrorMap."""
        if not self._unsupported:
            return {}
        entry = {
            "type": "warning",
            "message": "DtoIn contains unsupported keys.",
            "paramMap": {"unsupportedKeyList": self._unsupported},
        }
        return {f"{PREFIX}/{self.command}/unsupportedKeys": entry}

    def error(self) -> CommandError:
        """Return the error that tells all of it, the warnings beside it."""
        parameters: Json = {}
        if self._unsupported:
            parameters["unsupportedKeyList"] = self._unsupported
        shape = {"$": {"shape.e002": "The content of shape must be valid."}}
        parameters["invalidValueKeyMap"] = shape | self._invalid
        if self._missing:
            parameters["missingKeyMap"] = self._missing
        error = CommandError(f"{self.command}/invalidDtoIn", "DtoIn is not valid.", parameters=parameters)
        error.error_map |= self.warnings
        return error
