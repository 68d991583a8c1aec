"""Notice, appeal, correction, repair and publicity of firms: month by month by hand, and in a society."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import scorepolis as sp
from scorepolis import parameters, rulebooks
from scorepolis.core.buffers import NOTICED, RECORDED_FIRMS, REPAIRED
from scorepolis.core.draws import split_seed
from scorepolis.day.rest import FIRM_STATE, pack
from scorepolis.day.tables import trait_quantiles
from scorepolis.engine.world import World
from scorepolis.firms.buffers import APPEALED, NOT_DONE, RIGHTED, TOLD, TRUE, UNABLE, UPHELD
from scorepolis.firms.contest import contest
from scorepolis.firms.rate import rate
from scorepolis.firms.settle import WHO
from scorepolis.firms.start import call, firm_spaces, open_firms
from scorepolis.firms.tables import common_firm_tables, instrument_firm_tables
from scorepolis.measures.context import Context
from scorepolis.runs.firms import firms as table_of

BOOK = Path(__file__).parent / "books" / "told-firms.yaml"
RATING, CLASSES, HIDDEN, LIST = range(4)
D, C, M, B, A = range(5)
SURE = {
    "firms.life.told": 1,
    "firms.life.appeals_wronged": 1,
    "firms.life.appeals_other": 0,
    "firms.life.performs": 0.001,
}
ALL = TOLD | APPEALED | UPHELD | RIGHTED


def certain(book, **share):
    """Let an appeal of who had not done it always be upheld, and others never, unless told otherwise."""
    shares = {"upheld_wrong": 1, "upheld_other": 0} | share

    def sure(one):
        if one.appeal is None:
            return one
        given = {name: getattr(one.appeal, name).model_copy(update={"value": v}) for name, v in shares.items()}
        return one.with_(appeal=one.appeal.with_(**given))

    return book.with_(firms=tuple(sure(one) for one in book.firms))


class Office:
    """A few firms of one size and sector, of which it is said by hand what is recorded."""

    def __init__(self, overrides=None, edit=certain, firms=4):
        known = parameters.load(SURE | (overrides or {}))
        book = edit(rulebooks.load(BOOK, known))
        self.behaviours, self.sensors = tuple(known.firms.behaviours), tuple(known.firms.sensors)
        columns = common_firm_tables(known, trait_quantiles())
        columns |= instrument_firm_tables(known, [book], [0], [])
        columns |= {name: np.zeros(firms, dtype) for name, dtype in WHO.items()}
        columns |= {"firm_size": np.ones(firms, np.uint8), "first_slot": np.int64(0)}
        columns |= {"firm_sector": np.ones(firms, np.uint8), "seed_words": np.array(split_seed(5), np.uint32)}
        columns["firm_cell"] = (columns["firm_size"] * len(known.firms.sectors) + columns["firm_sector"]).astype(
            np.uint8
        )
        columns |= open_firms(columns)
        self.columns = columns | firm_spaces(columns, firms)
        self.day = 0

    def month(self, *records, calendar=1):
        """Rate what is recorded, and let firms contest it; gives what came of each notice, by firm and instrument."""
        rows = [(firm, self.behaviours.index(b), self.sensors.index(s), kind) for firm, b, s, kind in records]
        assert rows == sorted(rows), "records come in order"
        c = self.columns
        for e, (firm, b, s, kind) in enumerate(rows):
            c["firm_records"][e] = firm, b, s
            c["firm_records_truth"][e] = kind, firm
        c["firm_filled"][RECORDED_FIRMS] = len(rows)
        self.day += 30
        c |= {"day": np.int64(self.day), "calendar_month": np.int64(calendar)}
        call(rate, c)
        call(contest, c)
        notices = c["firm_notices"][: c["firm_filled"][NOTICED]]
        return {(int(i), int(k)): int(c["firm_answers"][e]) for e, (i, k, _) in enumerate(notices)}

    def stands(self, k, firm=0):
        return int(self.columns["firm_standing"][k, firm])

    def __getitem__(self, name):
        return self.columns[f"firm_{name}"]


# ------------------------------------------------------------------------------------------------------ month by month


def test_what_was_not_done_is_corrected_after_the_months_of_the_appeal():
    office = Office()
    assert office.month((0, "false_invoices", "tax_audit", NOT_DONE)) == {(0, RATING): ALL}
    assert office.stands(RATING) == D
    office.month()
    office.month()
    assert office.stands(RATING) == D
    assert office["open"][RATING, 0] == 1
    office.month()
    assert office.stands(RATING) == B
    assert office["points"][RATING, 0] == 0
    assert office["assigned"][RATING, 0] == 255
    assert not office["open"].any()


def test_who_did_it_is_told_and_does_not_appeal_unless_it_could_not_help_it():
    office = Office()
    assert office.month((0, "false_invoices", "tax_audit", TRUE), (1, "wage_arrears", "hotline", UNABLE)) == {
        (0, RATING): TOLD, (1, RATING): TOLD | APPEALED, (1, HIDDEN): TOLD, (1, LIST): TOLD | APPEALED,
    }  # fmt: skip
    for _ in range(4):
        office.month()
    assert office.stands(RATING, 0) == D
    assert office.stands(RATING, 1) == C  # the appeal was heard, and lost


def test_nobody_appeals_who_was_not_told():
    office = Office({"firms.life.told": 0})
    assert office.month((0, "false_invoices", "tax_audit", NOT_DONE)) == {(0, RATING): 0}
    for _ in range(4):
        office.month()
    assert office.stands(RATING) == D
    silent = Office(edit=lambda book: book.with_(firms=[one.with_(notice=False) for one in book.firms]))
    assert silent.month((0, "false_invoices", "tax_audit", NOT_DONE)) == {}
    for _ in range(4):
        silent.month()
    assert silent.stands(RATING) == D


def test_a_correction_leaves_what_else_is_in_force_and_reaches_back_over_the_rating_of_the_year():
    office = Office()
    # Of one month, the first penalty is what the notice is about; the second stays.
    office.month((0, "false_invoices", "tax_audit", NOT_DONE), (0, "late_filing", "tax_desk", TRUE))
    office.month((0, "timely_filing", "tax_desk", TRUE))
    assert (office["points"][RATING, 0], office["clear_points"][RATING, 0]) == (-9, -6)
    office.month(calendar=12)
    assert office.stands(RATING) == D  # as assigned
    assert (office["points"][RATING, 0], office["assigned"][RATING, 0]) == (0, 255)
    office.month()
    assert office.stands(RATING) == C  # as 75 - 12 + 6 points give
    assert office["points"][RATING, 0] == 0


def test_one_appeal_is_open_at_a_time_and_what_comes_meanwhile_stays():
    office = Office()
    office.month((0, "wage_arrears", "hotline", NOT_DONE))
    assert office["open"][LIST, 0] == 2
    assert office.month((0, "ignoring_judgment", "court", NOT_DONE))[0, LIST] == TOLD
    office.month()
    assert office.stands(LIST) == 0
    assert office["left"][LIST, 0] == 255  # until performance, by what was not contested


def test_a_list_is_left_where_its_only_ground_falls():
    office = Office()
    office.month((0, "contract_breach", "court", NOT_DONE))
    assert (office.stands(LIST), office["left"][LIST, 0], office["opens"][LIST, 0]) == (0, 6, 4)
    office.month()
    office.month()
    assert (office.stands(LIST), office["left"][LIST, 0], office["opens"][LIST, 0]) == (1, 0, 0)


def test_repair_is_for_those_who_have_stood_the_least_months():
    def always(book):
        share = book.firms[LIST].repair.model_copy(update={"value": 1})
        return book.with_(firms=(*book.firms[:LIST], book.firms[LIST].with_(repair=share)))

    office, never = Office(edit=always), Office(edit=lambda book: always(book).with_(firms=[
        one.with_(repair=one.repair.model_copy(update={"value": 0})) if one.method == "list" else one
        for one in always(book).firms
    ]))  # fmt: skip
    for each in (office, never):
        each.month((0, "contract_breach", "court", TRUE))
        each.month()
        assert each["left"][LIST, 0] == 5
    office.month()
    assert (office.stands(LIST), office["left"][LIST, 0]) == (1, 0)
    assert office["filled"][REPAIRED] == 1
    assert office["repairs"][0].tolist() == [0, LIST]
    for left in (4, 3, 2, 1):
        never.month()
        assert (never.stands(LIST), never["left"][LIST, 0]) == (0, left)
    never.month()
    assert never.stands(LIST) == 1


def test_whoever_is_lifted_meanwhile_is_lifted_as_without_the_entry_too():
    office = Office()
    office.month((0, "customs_error", "customs", NOT_DONE))
    assert office.stands(CLASSES) == 0
    office.month((0, "clean_inspection", "market_office", TRUE))
    # The correction came first, and whoever stands at general is not lifted from low.
    assert office.stands(CLASSES) == 1


# ------------------------------------------------------------------------------------------------------- in a society

START = date(2019, 11, 20)
BUSY = {
    "firms.numbers.enterprises": 100,
    "firms.life.past_months": 7,
    "firms.sensors.tax_audit.inspects.rate": 0.2,
    "firms.sensors.market_office.inspects.rate": 0.25,
    "firms.sensors.tax_audit.false_finding": 0.3,
    "firms.sensors.market_office.false_finding": 0.3,
    "firms.sensors.tax_desk.wrong_firm": 0.2,
    "firms.life.appeals_other": 0.1,
}


@cache
def lived(overrides=(), edit=lambda book: book, days=72, **how):
    known = parameters.load(BUSY | dict(overrides))
    world = World(
        known, [edit(rulebooks.load(BOOK, known))], society="village", people=4000, seed=3, start=START, **how
    )
    world.run(days)
    return world


def counted(world):
    months = [START] * len(world.tally.counts().firm_flows)
    context = Context.of(parameters=world.parameters, rulebooks=world.rulebooks, start=START, months=months, firms=True)
    return table_of(world.tally.counts(), context)


def number(world, count, of=None, how=None):
    rows = counted(world)
    for name, value in {"count": count, "of": of, "how": how}.items():
        if value is not None:
            rows = rows[rows[name] == value]
    return int(rows["number"].sum())


def plain(book):
    """The same book without notice, appeal, repair and publicity."""
    firms = [one.with_(notice=False, appeal=None, publicity=None) for one in book.firms]
    rules = [rule.with_(least=None) for rule in firms[LIST].rules]
    return book.with_(firms=(*firms[:LIST], firms[LIST].with_(repair=None, rules=rules)))


def test_appeals_are_counted_as_far_as_they_get():
    told, appealed, upheld, righted = (number(lived(), name) for name in ("told", "appealed", "upheld", "righted"))
    assert told > appealed > upheld > righted > 0
    assert number(lived(), "told", of="told-firms.hidden") > 0
    assert number(lived(), "appealed", of="told-firms.hidden") == 0
    assert number(lived(), "under_appeal") >= number(lived(), "worse_for_it") > 0
    assert number(lived(), "repaired", of="told-firms.restriction") > 0


def test_notice_matters():
    untold = lived((("firms.life.told", 0),))
    assert number(untold, "told") == number(untold, "appealed") == number(untold, "under_appeal") == 0
    held = [number(world, "grade", of="told-firms.rating", how="D") for world in (lived(), untold)]
    assert held[0] < held[1]


def test_where_nobody_is_told_and_nothing_shown_all_is_as_without_a_word():
    def mute(book):
        firms = plain(book).firms
        return book.with_(
            firms=[one.with_(notice=True, appeal=was.appeal) for one, was in zip(firms, book.firms, strict=True)]
        )

    silent, mute_world = lived(edit=plain), lived((("firms.life.told", 0),), edit=mute)
    flows, moments = (getattr(silent.tally.counts(), name) for name in ("firm_flows", "firm_moments"))
    assert flows.any()
    assert np.array_equal(mute_world.tally.counts().firm_flows[..., : flows.shape[2]], flows)
    assert np.array_equal(mute_world.tally.counts().firm_moments[..., : moments.shape[2]], moments)


def test_being_shown_costs_custom_and_holds_firms_back():
    dear = lived((("firms.life.earnings", 300_000),))
    shown, custom = (number(lived(), name, of="told-firms.restriction") for name in ("shown", "custom"))
    assert 0 < shown < custom
    assert number(dear, "deterred") > number(lived(), "deterred")
    assert number(lived(), "shown", of="told-firms.hidden") == 0
    rows = counted(lived())
    hit = rows[(rows["of"] == "told-firms.restriction") & (rows["size"] == "self_employed")]
    by = hit.groupby("count")["number"].sum()
    assert by["custom"] == 500 * by["shown"]  # a tenth of 60,000 yuan a year


def test_threads_tiles_and_packing_do_not_show():
    again = lived(threads=2, tile=3)
    for (name, array), (_, same) in zip(lived().tally.counts().items(), again.tally.counts().items(), strict=True):
        assert np.array_equal(array, same), name
    d = again.districts[0]
    assert d["firm_open"].any()
    packed = pack(d, again.settled[0], again.tables_of(0))
    assert all(np.array_equal(packed[name], d[name]) for name in FIRM_STATE)


def test_appeals_that_are_open_outlive_a_stop(tmp_path):
    how = {"people": 1500, "days": 100, "seed": 11, "checkpoint_pause": 0}
    how |= {"rulebooks": [BOOK], "set": BUSY}
    whole = sp.run("village", **how, out=tmp_path / "whole")

    def stop(world, done, _):
        if world == "scheme" and done >= 80:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sp.run("village", **how, out=tmp_path / "stopped", progress=stop)
    assert sp.resume(tmp_path / "stopped").digest == whole.digest
    answers = whole.firms.groupby("count")["number"].sum()
    assert answers["under_appeal"] > 0
    assert answers["appealed"] > 0


def test_a_book_that_says_nothing_of_it_is_the_book_that_it_was():
    book = rulebooks.load("corporate-comprehensive", parameters.load())
    assert book.digest() == book.with_(firms=[one.with_(notice=False, appeal=None) for one in book.firms]).digest()
    assert book.digest() != book.with_(firms=[one.with_(notice=True) for one in book.firms]).digest()


def broken(edit):
    text = BOOK.read_text(encoding="utf-8")
    changed = edit(text)
    assert changed != text
    return changed


QUANTITY = "unit: months, status: assumed, range: [-9999, 9999], reason: An example}"


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda t: t.replace("months: {value: 3", "months: {value: 0"), "months of an appeal"),
        (lambda t: t.replace("upheld_wrong: {value: 0.8", "upheld_wrong: {value: 2"), "upheld_wrong"),
        (lambda t: t.replace("publicity: {grades: [D, C]", "publicity: {grades: [D, E]"), "E"),
        (lambda t: t.replace("custom: {value: 0.2", "custom: {value: 1.2"), "custom"),
        (lambda t: t.replace(f", least: {{value: 2, {QUANTITY}", f", least: {{value: 6, {QUANTITY}"), "least months"),
        (lambda t: t.replace(f", least: {{value: 2, {QUANTITY}", "").replace(f", least: {{value: 1, {QUANTITY}", ""),
         "nobody may ask"),
        (lambda t: "\n".join(line for line in t.splitlines() if not line.startswith("    repair:")), "no repair"),
        (lambda t: t.replace("term: null, status: assumed, reason: An example}\n      - {id: B", f"term: null, "
         f"least: {{value: 2, {QUANTITY}, status: assumed, reason: An example}}\n      - {{id: B"), "no term"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(edit, told):
    from scorepolis.core.errors import InputError
    from scorepolis.rulebooks.load import load_text

    with pytest.raises(InputError, match=told):
        load_text(broken(edit), "told-firms.yaml", parameters.load())
