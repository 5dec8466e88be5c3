"""What is said of the watched folder."""

from __future__ import annotations

from pathlib import Path

from itkgui.item_models.folder_words import new_words, trouble_words
from itkgui.uploads.watched_folder import FolderTrouble

FOLDER = Path("probe")


def test_new_files_are_counted_and_the_first_ones_named() -> None:
    assert new_words(FOLDER, ["a.csv"], "20UPGM23800001") == ("1 new file in probe", "a.csv")
    assert new_words(FOLDER, list("abcde"), "20UPGM23800001") == (
        "5 new files in probe",
        "a, b, c and 2 more",
    )
    assert new_words(FOLDER, ["a"], "")[1] == "a. Open the component it is for."
    assert new_words(FOLDER, ["a", "b"], "")[1] == "a, b. Open the component they are for."


def test_every_trouble_has_its_words_and_none_has_none() -> None:
    told = {trouble: trouble_words(FOLDER, trouble) for trouble in FolderTrouble}
    assert told.pop(FolderTrouble.NONE) == ("", "")
    assert all("probe" in title and sentence for title, sentence in told.values())
    assert len(set(told.values())) == len(told)
