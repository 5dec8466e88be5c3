"""Every command and every key: the palette, the list of keys and the printed codes are made of this."""

from __future__ import annotations

from functools import partial

from itkgui.language import N_
from itkgui.views.commands import Command, Group

_PAGE = N_("Open a component first, or go to one that is open.")
_ANY = N_("Open a component or a shipment first, or go to one that is open.")
_RUN = N_("Open the tests of a component first.")
_TRAY = N_("Go to the tray first.")
_FILE = N_("Choose an attachment first.")

_everywhere = partial(Command, group=Group.EVERYWHERE)
_place = partial(Command, group=Group.PLACES)
_component = partial(Command, group=Group.COMPONENT, needs=_PAGE)
_any_page = partial(Command, group=Group.COMPONENT, needs=_ANY)
_table = partial(Command, group=Group.TABLE, in_palette=False)
_list = partial(Command, group=Group.LIST, in_palette=False)
_test = partial(Command, group=Group.TESTS)
_result = partial(Command, group=Group.RESULTS)
_plot = partial(Command, group=Group.PLOT, in_palette=False)
_file = partial(Command, group=Group.ATTACHMENTS)
_image = partial(Command, group=Group.IMAGE)
_text = partial(Command, group=Group.TEXT)
_document = partial(Command, group=Group.DOCUMENT)
_bytes = partial(Command, group=Group.BYTES)
_review = partial(Command, group=Group.REVIEW, in_palette=False)
_upload = partial(Command, group=Group.UPLOADS, in_palette=False)

_ALL = (
    Command("sign-in", N_("Sign in"), Group.SIGN_IN, keys=("Return", "Enter")),
    _everywhere("scan-box", N_("Go to the scan box"), keys=("Ctrl+L",)),
    _everywhere("palette", N_("Find a command"), keys=("Ctrl+K",), in_palette=False),
    _everywhere("help", N_("Help: all keys"), keys=("F1",)),
    Command("find-key", N_("Find a key"), Group.HELP, ("Ctrl+F",), in_palette=False),
    _everywhere("back", N_("Back"), keys=("Alt+Left",)),
    _everywhere("forward", N_("Forward"), keys=("Alt+Right",)),
    _everywhere("cancel", N_("Stop what runs, or leave what is large"), keys=("Esc",), in_palette=False),
    _everywhere("larger-text", N_("Larger text"), keys=("Ctrl++", "Ctrl+=")),
    _everywhere("smaller-text", N_("Smaller text"), keys=("Ctrl+-",)),
    _everywhere("usual-text", N_("Usual text size"), keys=("Ctrl+0",)),
    _everywhere("look-system", N_("Look as the system")),
    _everywhere("look-light", N_("Light look")),
    _everywhere("look-dark", N_("Dark look")),
    _everywhere("look-contrast", N_("High-contrast look")),
    _everywhere("gloves", N_("Glove mode on or off")),
    _everywhere("lock", N_("Lock"), keys=("Ctrl+Shift+L",)),
    _everywhere("change-person", N_("Change person")),
    _everywhere("sign-out", N_("Sign out")),
    _everywhere("quit", N_("Quit"), keys=("Ctrl+Q",)),
    _place("search", N_("Search")),
    _place("list", N_("Tray")),
    _place("components", N_("Components")),
    _place("recent", N_("Recent components")),
    _place("pinned", N_("Pinned components")),
    _place("shipments", N_("Shipments")),
    _place("uploads", N_("Uploads")),
    _place("scanner", N_("Scanner")),
    _place("settings", N_("Settings"), keys=("Ctrl+,",)),
    _place("diagnosis", N_("Diagnosis and log"), keys=("Ctrl+Shift+D",)),
    _place("look-again", N_("Look at this computer again"), keys=("F5",)),
    _place("find-in-log", N_("Find in the log"), keys=("Ctrl+F",)),
    _place("support-bundle", N_("Make a support bundle"), needs=N_("Go to the diagnosis first.")),
    _place("person", N_("My institutions and rights")),
    _place("reload-list", N_("Load the list again"), keys=("F5",)),
    _place("find-setting", N_("Find a setting"), keys=("Ctrl+F",)),
    _any_page("reload", N_("Load again"), keys=("F5",)),
    _any_page("add-files", N_("Add files…"), keys=("Ctrl+U",)),
    _any_page(
        "add-new-files",
        N_("Add what is new in the watched folder"),
        needs=N_("Nothing is new there, or nothing is open."),
    ),
    _any_page("paste", N_("Add the picture or the files that were copied"), keys=("Ctrl+V",)),
    _any_page("undo-upload", N_("Take back what was just sent"), keys=("Ctrl+Z",), needs=""),
    _component("close", N_("Close the component"), keys=("Ctrl+W",)),
    _component("pin", N_("Pin the component, or let it go"), keys=("Ctrl+D",)),
    _component("qr-code", N_("Show the component as a QR code"), keys=("Ctrl+B",)),
    _component("next-component", N_("Next open component"), keys=("Ctrl+Tab",)),
    _component("previous-component", N_("The open component before"), keys=("Ctrl+Shift+Tab",)),
    _component("beside", N_("Put it beside the others, or back"), keys=("Ctrl+Shift+Return",)),
    _component("tab-1", N_("Overview"), keys=("Ctrl+1",)),
    _component("tab-2", N_("Tests"), keys=("Ctrl+2",)),
    _component("tab-3", N_("Attachments"), keys=("Ctrl+3",)),
    _component("tab-4", N_("Family"), keys=("Ctrl+4",)),
    _component("tab-5", N_("History"), keys=("Ctrl+5",)),
    _component("tab-6", N_("Comments"), keys=("Ctrl+6",)),
    _component("tab-7", N_("Raw JSON"), keys=("Ctrl+7",)),
    _component("tab-8", N_("Shipments of the component"), keys=("Ctrl+8",)),
    _component("send-comment", N_("Send the comment"), keys=("Ctrl+Return", "Ctrl+Enter"), in_palette=False),
    _table("open-row", N_("Open the run, part or file of the row"), keys=("Return", "Enter")),
    _table("copy-rows", N_("Copy the chosen rows"), keys=("Ctrl+C",)),
    _table("column-left", N_("Move the column to the left"), keys=("Ctrl+Shift+Left",)),
    _table("column-right", N_("Move the column to the right"), keys=("Ctrl+Shift+Right",)),
    _list("take-off", N_("Take off the list"), keys=("Del",)),
    _list("look-up-list", N_("Look up the list"), keys=("Ctrl+Return", "Ctrl+Enter")),
    _list("attach-to-all", N_("Attach files to all of the tray…"), needs=_TRAY, in_palette=True),
    _list("fetch-ahead", N_("Fetch the tray ahead, to be read off line"), needs=_TRAY, in_palette=True),
    _list("scans-to-tray", N_("Let scans go into the tray, or not"), needs=_TRAY, in_palette=True),
    _everywhere("look-at-servers", N_("Look whether the servers answer")),
    _everywhere("connection", N_("How the connection stands")),
    _test("enlarge", N_("Give the test run the whole page, or back"), keys=("Ctrl+E",), needs=_RUN),
    _test("run-before", N_("Back to the run before"), keys=("Alt+Up",)),
    _test("pin-run", N_("Pin the run for comparison"), keys=("Ctrl+P",), needs=_RUN),
    _test("pin-chosen", N_("Pin for comparison")),
    _test("open-component", N_("Open the component"), keys=("Ctrl+Return",)),
    _test("to-runs", N_("From the filter to the runs"), keys=("Down",), in_palette=False),
    _result("find-result", N_("Find a result"), keys=("Ctrl+F",)),
    _result("trend", N_("Trend over all runs"), keys=("Ctrl+T",)),
    _result("copy-value", N_("Copy the value"), keys=("Ctrl+Shift+C",)),
    _result("open-value", N_("Open")),
    _result("value-column", N_("Show as a column of the runs")),
    _plot("plot-in", N_("Larger"), keys=("+", "=")),
    _plot("plot-out", N_("Smaller"), keys=("-",)),
    _plot("plot-all", N_("All of it"), keys=("0",)),
    _file("preview", N_("Give the preview the whole page, or back"), keys=("Space",), in_palette=False),
    _file("save", N_("Save as…"), keys=("Ctrl+S",), needs=_FILE),
    _file("save-in-folders", N_("Save the chosen in folders…")),
    _file("print", N_("Print the picture or document…"), keys=("Ctrl+P",)),
    _file("fetch-again", N_("Fetch again"), keys=("Shift+F5",)),
    _file("copy-file", N_("Copy what is shown"), keys=("Ctrl+C",), in_palette=False),
    _file("open-owner", N_("Open where it is from"), keys=("Ctrl+Return",)),
    _file("delete", N_("Delete…"), keys=("Del",)),
    _file("leave-archive", N_("Back from an archive in an archive"), keys=("Backspace",), in_palette=False),
    _image("image-in", N_("Larger"), keys=("+", "="), in_palette=False),
    _image("image-out", N_("Smaller"), keys=("-",), in_palette=False),
    _image("image-fit", N_("Fit to the pane"), keys=("0",), in_palette=False),
    _image("image-true", N_("True size: pixel by pixel"), keys=("1",)),
    _image("image-turn", N_("Rotate by 90°"), keys=("R",)),
    _image("image-tones", N_("Brightness and contrast…"), keys=("T",)),
    _image("image-measure", N_("Measure"), keys=("M",)),
    _image("image-compare", N_("Compare with…"), keys=("P",)),
    _image("image-blink", N_("Blink"), keys=("B",)),
    _image("image-source", N_("Source"), keys=("S",)),
    _image("image-play", N_("Play"), keys=("K",)),
    _image("page-before", N_("Page before"), keys=(",",), in_palette=False),
    _image("page-next", N_("Next page"), keys=(".",), in_palette=False),
    _text("find", N_("Find"), keys=("Ctrl+F",)),
    _text("find-next", N_("The next one"), keys=("F3",), in_palette=False),
    _text("find-before", N_("The one before"), keys=("Shift+F3",), in_palette=False),
    _text("go-to-line", N_("Go to line…"), keys=("Ctrl+G",)),
    _text("copy-text", N_("Copy what is selected"), keys=("Ctrl+C",), in_palette=False),
    _text("select-all", N_("Select all"), keys=("Ctrl+A",), in_palette=False),
    _document("document-in", N_("Larger"), keys=("+", "="), in_palette=False),
    _document("document-out", N_("Smaller"), keys=("-",), in_palette=False),
    _document("document-width", N_("As wide as the pane"), keys=("W",)),
    _document("document-page", N_("The whole page"), keys=("0",), in_palette=False),
    _bytes("go-to-offset", N_("Go to offset"), keys=("Ctrl+G",)),
    _bytes("copy-hexadecimal", N_("Copy as hexadecimal"), keys=("Ctrl+C",), in_palette=False),
    _bytes("copy-characters", N_("Copy as characters"), keys=("Ctrl+Shift+C",), in_palette=False),
    _review("edit-title", N_("Edit the title"), keys=("F2",)),
    _review("do-not-send", N_("Do not send"), keys=("Del",)),
    _review(
        "send-files",
        N_("Send the files under review"),
        keys=("Ctrl+Return", "Ctrl+Enter"),
        needs=N_("No file can be sent now."),
    ),
    _review("stay-here", N_("Stay with the files under review"), needs=N_("Nothing is asked.")),
    _review("open-scanned", N_("Open what was scanned"), needs=N_("Nothing is asked.")),
    _upload("upload-undo", N_("Undo"), keys=("Ctrl+Z",)),
    _upload("upload-cancel", N_("Cancel"), keys=("Del",)),
    _upload("upload-pause", N_("Pause"), keys=("P",)),
    _upload("upload-resume", N_("Resume"), keys=("P",)),
    _upload("upload-retry", N_("Retry"), keys=("R",)),
    _upload("upload-anyway", N_("Send anyway")),
    _upload("upload-up", N_("Move up"), keys=("Alt+Up",)),
    _upload("upload-down", N_("Move down"), keys=("Alt+Down",)),
    _upload("upload-show", N_("Show")),
    _upload("upload-swap", N_("Send to the other storage instead")),
)

COMMANDS = {one.name: one for one in _ALL}
