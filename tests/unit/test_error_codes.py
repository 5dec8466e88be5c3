"""Every class of errors has a code, which is listed with its cure and stays what it is for ever."""

from __future__ import annotations

import pytest

from itkgui.client.exceptions import Forbidden, ItkError, ServerUnreachable
from itkgui.client.exceptions.codes import CODES
from itkgui.diagnosis.command import main
from itkgui.uploads.upload import Cause, Trouble
from tests.error_codes import LIST, classes, listed

# By family, in the order of their numbers. What stands here is printed on paper and told by telephone: add to
# it, change nothing.
GIVEN = {
    "ITK": """
        ItkError Cancelled NoThread ProgramFault SettingsNotKept NoSessionFolder SandboxEnded SandboxTrouble
        NotPrinted PatternProblem LabelOfSeveral PhotoCodesMissing NoCodeInPhoto ScannedIntoIt
    """,
    "NET": """
        ConnectionFailed ServerUnreachable ConnectionLost ServerSilent TlsFailed CertificatesUnusable
        HostUnknown LocalServerUnreachable ProxyWantsPassword
    """,
    "SIGN": """
        SignInFailed AccessCodesMissing AccessCodesWrong TokenRefused ClockWrong SomebodyElse TooLongToBe
        KeyringTrouble NoKeyring KeyringInPlainText KeyringLocked KeyringSilent CodesGone
    """,
    "DB": """
        AnswerError BadRequest ComponentNotFound TestRunNotFound SessionExpired Forbidden NotFound Conflict
        TooLarge TooManyRequests ServerTrouble UnexpectedStatus NotTheApi UnreadableAnswer DuplicateTestRuns
        NoLongerKept
    """,
    "FILE": """
        FileProblem FileUnreadable FileNotWritten FileEmpty FileMissing NotAFile LinkOnly LargerThanAllowed
        FileGrowing FileChanged NotTheSame NoCopy SpoolDamaged Undecodable TooSlow PasswordNeeded
        DecoderFault PluginFailed
    """,
    "SEND": """
        TransferFailed TransferIncomplete ChecksumMismatch RedirectRefused NotReadBack NotNamed
        NotShownAsNamed EosAway StorageRefused StorageFull AlreadyThere ResultsStopped OtherComponent
        QueueNotWritten QueueDamaged QueueTooNew QueueElsewhere NotInQueue UnknownUpload WrongMove
        CannotHandOver NoHandOver HandOverThere HandOverTooNew OtherServer OtherPerson
        FrontDoorRefused WayRefused
    """,
}


def test_every_class_has_a_code_and_every_code_a_class() -> None:
    assert {kind.__name__ for kind in classes()} == set(CODES)
    assert len(set(CODES.values())) == len(CODES)
    assert all(kind.code == CODES[kind.__name__] for kind in classes())
    assert ServerUnreachable("no route").code == "NET-02" != Forbidden("no").code


def test_trouble_of_an_upload_has_its_code_after_a_restart_too() -> None:
    def words(kind: type[ItkError]) -> tuple[str, str, str]:
        return kind.title, kind.sentence, kind.cure

    for kind in classes():
        codes = {other.code for other in classes() if words(other) == words(kind)}
        assert Trouble(Cause.PASSING, *words(kind)).code in codes, kind
    assert Trouble(Cause.PASSING, *words(ServerUnreachable)).code == "NET-02"
    assert Trouble(Cause.PASSING, "Of its own", "No class says so.", "None.").code == ""


def test_no_code_ever_changes() -> None:
    given = {
        name: f"{family}-{number:02}"
        for family, names in GIVEN.items()
        for number, name in enumerate(names.split(), 1)
    }
    assert given == CODES


def test_the_list_is_as_the_classes_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert LIST.read_text("utf-8") == listed(), "python -m tests.error_codes writes it"
    assert main(["doctor", "--errors"]) == 0
    assert capsys.readouterr().out == listed()
