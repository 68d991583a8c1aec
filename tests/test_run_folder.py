"""The run folder: written whole or not at all, read back the same, and refused when it is not what was written."""

import contextlib
import json
import os
from importlib.resources import files

import numpy as np
import pytest
from tests import results

import scorepolis as sp
from scorepolis.core.errors import InputError
from scorepolis.measures.context import Unit
from scorepolis.report.numbers import amount
from scorepolis.runs import folder as folders
from scorepolis.runs.digest import digest
from scorepolis.runs.ledger import person_numbers


@pytest.fixture
def kept(tmp_path):
    return sp.save(results.run(), tmp_path / "a")


def listing(path):
    return sorted(str(p.relative_to(path)) for p in path.rglob("*"))


def test_a_run_comes_back_the_same(kept):
    again = sp.load(kept.path)
    assert again.digest == kept.digest == again.verify() == kept.provenance["digest"]
    assert again.measures.identical(kept.measures)
    assert again.ledger.equals(kept.ledger)
    assert again.baseline is not None
    assert again.baseline.measures.identical(kept.baseline.measures)
    assert again.provenance == kept.provenance
    assert again.timing == kept.timing
    assert again.context == kept.context


def test_the_folder_holds_what_it_should_and_no_more(kept, tmp_path):
    files = ["axes.json", "counts.npz", "ledger.parquet", "measures.parquet", "provenance.json", "timing.json"]
    assert listing(kept.path) == sorted([*files, "baseline", *(f"baseline/{name}" for name in files)])
    assert listing(tmp_path)[0] == "a"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_the_baseline_is_a_run_of_its_own(kept):
    law = sp.load(kept.path / "baseline")
    assert law.baseline is None
    assert law.provenance["rulebooks"] == []


def test_nothing_of_the_machine_is_written(kept, tmp_path):
    for name in ("provenance.json", "axes.json", "timing.json"):
        text = (kept.path / name).read_text(encoding="utf-8")
        assert str(tmp_path) not in text
        assert os.uname().nodename not in text


def test_the_digest_is_of_integers_and_shapes():
    one = results.run()
    columns = {name: column.astype(np.int64) for name, column in one.ledger_columns.items()}
    assert digest([("scheme", one.counts, columns)]) == digest([("scheme", one.counts, one.ledger_columns)])
    assert results.run(seed=1).digest == results.run(seed=1).digest
    assert results.run(seed=1).digest != results.run(seed=2).digest
    assert results.run(baseline=False).digest != results.run().digest
    changed = dict(one.ledger_columns)
    changed["points"] = changed["points"] + 1
    assert digest([("scheme", one.counts, changed)]) != digest([("scheme", one.counts, one.ledger_columns)])


def test_the_ledger_is_ordered_and_readable():
    table = results.run().ledger
    assert list(zip(table.slot, table.day, strict=True)) == [(2, 9), (2, 9), (1030, 3), (1030, 40)]
    assert list(table.points) == [10, -5, -5, 5], "entries of one day keep their order"
    assert list(table.what) == ["record", "record", "record", "points_expire"]
    assert list(table.rule.astype(object).where(table.rule.notna(), None)) == ["R2", "R1", "R1", None]
    assert table.behaviour[0] == "volunteering"
    assert table.truth[2] == "wrong_person"
    assert table.doer.isna().tolist() == [True, False, False, True]
    assert table.standing_after[3] == "A"
    assert str(table.date[3].date()) == "2019-02-10"
    assert len(results.run(instruments=0).ledger) == 0


def test_person_numbers_count_the_occupied():
    slots = np.array([0, 3, 1024, 1026, 2048, 2049])  # 11 people in 3 neighbourhoods: 4, 4 and 3
    assert person_numbers(slots, 11, 3).tolist() == [0, 3, 4, 6, 8, 9]


def test_person_numbers_count_through_the_units():
    units = [Unit("a", 0, 11, 3), Unit("a", 1, 5, 1), Unit("b", 0, 6, 2)]
    occupied = [0, 1, 2, 3, 1024, 1025, 1026, 1027, 2048, 2049, 2050, *range(3072, 3077), *range(4096, 4099)]
    slots = np.array([*occupied, *range(5120, 5123)])
    assert person_numbers(slots, 22, 3, units).tolist() == list(range(22))


def test_a_run_says_what_it_is(kept):
    assert repr(kept).startswith("Run('made-up', people=")
    assert "seed=1" in repr(kept)
    assert "path" not in repr(results.run())


def test_an_earlier_run_is_replaced_only_when_told(kept):
    with pytest.raises(InputError, match=r"earlier run.*--force"):
        sp.save(results.run(seed=5), kept.path)
    again = sp.save(results.run(seed=5), kept.path, force=True)
    assert sp.load(kept.path).verify() == again.digest != kept.digest
    assert [entry.name for entry in kept.path.parent.iterdir()] == ["a"]


def test_nothing_but_a_run_is_ever_replaced(kept, tmp_path):
    (kept.path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="something else"):
        sp.save(results.run(), kept.path, force=True)
    other = tmp_path / "other"
    other.mkdir()
    (other / "provenance.json").write_text("{}")
    with pytest.raises(InputError, match="something else"):
        sp.save(results.run(), other, force=True)
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        sp.save(results.run(), file, force=True)
    with pytest.raises(InputError, match="cannot be"):
        sp.save(results.run(), file / "below")
    assert file.read_text() == "mine"


def test_an_empty_folder_may_be_filled_and_parents_are_made(tmp_path):
    (tmp_path / "empty").mkdir()
    assert sp.save(results.run(), tmp_path / "empty").path == tmp_path / "empty"
    assert sp.load(sp.save(results.run(), tmp_path / "b" / "c").path).verify()


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, MemoryError])
def test_a_failure_leaves_nothing(tmp_path, monkeypatch, failure):
    def fail(*_):
        raise failure

    monkeypatch.setattr("scorepolis.measures.tidy.tidy", fail)
    with pytest.raises(failure):
        sp.save(results.run(), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_earlier_run(kept, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("scorepolis.measures.tidy.tidy", fail)
    with pytest.raises(KeyboardInterrupt):
        sp.save(results.run(seed=9), kept.path, force=True)
    assert sp.load(kept.path).verify() == kept.digest
    assert [entry.name for entry in kept.path.parent.iterdir()] == ["a"]


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such run folder"):
        sp.load(tmp_path / "none")
    with pytest.raises(InputError, match="not a run"):
        sp.load(tmp_path)


def test_another_version_is_refused(kept):
    file = kept.path / "provenance.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": folders.VERSION + 1}))
    with pytest.raises(InputError, match=r"format version 3.*expected version 1 or 2"):
        sp.load(kept.path)


@pytest.mark.parametrize("name", ["axes.json", "counts.npz", "ledger.parquet", "timing.json", "baseline/counts.npz"])
def test_a_missing_file_is_noticed_at_once(kept, name):
    (kept.path / name).unlink()
    with pytest.raises(InputError, match="damaged"):
        sp.load(kept.path)


@pytest.mark.parametrize("name", ["axes.json", "counts.npz", "ledger.parquet", "baseline/ledger.parquet"])
@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04"])
def test_a_damaged_file_is_one_clear_error(kept, name, content):
    (kept.path / name).write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        sp.load(kept.path).verify()


@pytest.mark.parametrize("name", ["provenance.json", "timing.json", "axes.json"])
@pytest.mark.parametrize("content", [b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": "scorepolis-run"'])
def test_damaged_json_is_one_clear_error(kept, name, content):
    (kept.path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"damaged|not a run") as caught:
        sp.load(kept.path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["counts.npz", "ledger.parquet"])
def test_no_flipped_byte_passes_unnoticed(kept, name):
    """A byte that is read is told from what was written; one that no reader needs may be anything."""
    whole = (kept.path / name).read_bytes()
    for place in np.random.default_rng(1).integers(0, len(whole), 60):
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF
        (kept.path / name).write_bytes(flipped)
        with contextlib.suppress(InputError):
            assert sp.load(kept.path).verify() == kept.digest


def test_a_record_without_what_is_needed_is_damaged(kept):
    file = kept.path / "provenance.json"
    made = json.loads(file.read_text())
    del made["seed"], made["days"]
    file.write_text(json.dumps(made))
    with pytest.raises(InputError, match="damaged: it lacks days, seed"):
        sp.load(kept.path)


def test_a_foreign_folder_is_no_run(tmp_path):
    (tmp_path / "provenance.json").write_text('{"format": "something-else", "version": 1}')
    with pytest.raises(InputError, match="not a run"):
        sp.load(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="no such run folder"):
        sp.load(tmp_path / "file")


def test_half_a_file_is_damaged(kept):
    file = kept.path / "counts.npz"
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(InputError, match="damaged"):
        sp.load(kept.path).verify()


def test_changed_results_are_noticed(kept):
    arrays = dict(np.load(kept.path / "counts.npz"))
    arrays["acts"][0, 0, 0] += 1
    np.savez_compressed(kept.path / "counts.npz", **arrays)
    with pytest.raises(InputError, match="not those that were written"):
        sp.load(kept.path).verify()


def test_wrong_shapes_are_damage(kept):
    arrays = dict(np.load(kept.path / "counts.npz"))
    arrays["acts"] = arrays["acts"][:, :5]
    np.savez_compressed(kept.path / "counts.npz", **arrays)
    with pytest.raises(InputError, match="acts has shape"):
        sp.load(kept.path).verify()


def test_a_scenario_becomes_a_run_that_can_be_kept(tmp_path):
    seen = []
    days = {"days": 40, "seed": 7, "set": {"coefficients.learning.peer_weight": 0}}
    run = sp.run("village", **days, threads=1, out=tmp_path / "a", progress=lambda *step: seen.append(step))
    assert sp.load(tmp_path / "a").verify() == run.digest == sp.run("village", **days, threads=2).digest
    assert seen[-1] == ("baseline", 40, 40)
    assert run.provenance["overrides"] == days["set"]
    books = ["defaulter-list-2017", "spending-restriction-2017", "rongcheng-2019"]
    assert [book["name"] for book in run.provenance["rulebooks"]] == books
    assert [book["name"] for book in run.baseline.provenance["rulebooks"]] == ["law-only"]
    assert run.measures.sizes["time"] == 2
    assert run.ledger.person.between(0, run.provenance["people"] - 1).all()
    assert sp.run("village", **{**days, "seed": 8}, baseline=False).baseline is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"people": 99}, "people is 99.*100 to 2,000,000,000"),
        ({"people": 2_000_000_001}, "people is 2,000,000,001"),
        ({"people": 1000.0}, "whole number"),
        ({"people": True}, "whole number"),
        ({"days": 0}, "days is 0.*1 to 36,500"),
        ({"days": 40_000}, "days"),
        ({"threads": 0}, "threads is 0.*1 to 256"),
        ({"threads": 1000}, "threads"),
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "seed"),
    ],
)
def test_absurd_arguments_are_refused_before_anything_is_done(given, words, tmp_path):
    with pytest.raises(InputError, match=words):
        sp.run("village", out=tmp_path / "a", **given)
    assert list(tmp_path.iterdir()) == []


def test_a_run_ends_within_the_calendar(tmp_path):
    late = tmp_path / "late.yaml"
    text = "version: 1\nname: late\ntitle: T\nsociety: village\nrulebooks: []\nstart: 9999-11-01\ndays: 31\n"
    late.write_text(text)
    with pytest.raises(InputError, match=r"31 days from 9999-11-01 lead beyond the year 9999"):
        sp.run(late)


def test_a_scenario_in_memory_is_checked_like_one_in_a_file():
    from scorepolis import scenarios

    village = scenarios.load("village")
    with pytest.raises(InputError, match=r"no society 'vilage'.*did you mean 'village'"):
        sp.run(village.model_copy(update={"society": "vilage"}))
    with pytest.raises(InputError, match=r"no rulebook 'law-onli'.*did you mean 'law-only'"):
        sp.run(village.model_copy(update={"rulebooks": ("law-onli",)}))


def test_a_rulebook_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    from scorepolis.runs import make

    book = tmp_path / "law-only.yaml"
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        f"version: 1\nname: mine\ntitle: T\nsociety: village\nrulebooks: [{book.name}]\nstart: 2019-01-01\ndays: 1\n"
    )
    library = files("scorepolis.rulebooks").joinpath("library/law-only.yaml").read_text(encoding="utf-8")
    book.write_text(library)
    read = make._texts

    def then_change(*arguments):
        texts = read(*arguments)
        book.write_text(library.replace("purpose: ", "purpose: Not "))
        return texts

    monkeypatch.setattr(make, "_texts", then_change)
    with pytest.raises(InputError, match="'law-only' changed while it was read"):
        sp.run(scenario, people=200, threads=1, out=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_bad_output_folder_is_refused_before_anything_is_run(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="something else"):
        sp.run("no-such-scenario", out=tmp_path)


@pytest.mark.parametrize(
    ("value", "unit", "signed", "text"),
    [
        (0.0312, "share", False, "3.1 %"),
        (-0.002, "share of full scale", True, "-0.20 pts"),
        (float("nan"), "share", False, "–"),
        (0.0, "points", False, "0"),
        (-1e-9, "points", True, "about 0"),
        (1234.5, "yuan", False, "1,234"),
        (12.0, "yuan", True, "+12.0"),
    ],
)
def test_numbers_are_written_for_people(value, unit, signed, text):
    assert amount(value, unit, signed=signed) == text
