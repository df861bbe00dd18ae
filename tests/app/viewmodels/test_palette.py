from app.viewmodels.palette import Entry, found

ENTRIES = [
    Entry("open", "Open recording, PGN or FEN…", "File"),
    Entry("save", "Save recording…", "File"),
    Entry("next_event", "To the next event", "Time"),
    Entry("to_present", "To the present", "Time"),
    Entry("flip", "Flip board", "View"),
]


def names(typed: str) -> list[str]:
    return [entry.name for entry in found(ENTRIES, typed)]


def test_nothing_typed_shows_all_as_they_stand() -> None:
    assert names("  ") == [entry.name for entry in ENTRIES]


def test_words_are_found_anywhere_in_any_order_and_by_menu() -> None:
    assert names("board flip") == ["flip"]
    assert names("TIME next") == ["next_event"]
    assert names("record") == ["open", "save"]


def test_a_command_that_begins_so_comes_before_one_that_merely_holds_the_letters() -> None:
    assert names("sav")[0] == "save"
    assert names("tpr")[0] == "to_present"


def test_what_is_not_there_is_not_found() -> None:
    assert names("qqq") == []
