"""Positions in `filled`, and codes of the day's buffers: plain numbers, so that what reads a run needs no compiler."""

ACTS, APPLICATIONS, AGENDA, ENTRIES, STORIES, BREACHES, PANEL_ENTRIES, STEPS, PANEL_EVENTS = range(9)
"""Positions in `filled`. BREACHES counts rates above their ceiling, which is an error of the model."""

FILLED = 9

DONE, FOR_POINTS, SILENCED = 0, 1, 2
"""Fates of a wish: done; done, but only for the points; left undone."""

DID, APPLIED, INSPECTED, RECORDED_FIRMS, ENTERED, BOUND, NOTICED, REPAIRED = range(8)
FIRM_FILLED = 8
"""Positions in `firm_filled`: firms' acts, applications, inspections, records, entries, changes of bindings, notices,
and repairs."""

EXPIRE, WINDOW_ENDS, OVERRIDE_BACK, OVERRIDE_ENDS, RECORD, EXIT, CORRECTION = range(7)
JUDGMENT, DEADLINE, DECISION, REVIEW = range(7, 11)
CASES = JUDGMENT
FED, RECKONED, HELD, SHARED, REPAIR = 11, 12, 13, 14, 15
"""What an agenda item is: those from CASES on are the court's, but for REPAIR. FED to SHARED stand in ledger entries
only."""

MAY_ASK, LET_OFF = 0, 1
"""What comes of repair on a day: a person may ask for it, or it was granted. Stands in place of the behaviour."""

NO_CLASS = -1
"""In place of the days after which what a rule takes can be repaired: never."""
REPAIR_MONTH = 30
"""Days between two tries."""
REPAIR_TRIES = 256
"""Tries of an entry, at most: their number stands in place of the sensor."""

COURSE, PLEDGE, GOOD_DEEDS = range(3)
ASKED, GRANTED, BARRED, TOO_POOR, REPAIR_WAITED = 0, 3, 6, 7, 8
REPAIR_FLOWS = 9
"""What the tally of repair counts: asked for and granted by way, from ASKED and GRANTED on; and the rest."""

TRUE_RECORD, WRONG_PERSON, NOT_DONE, UNABLE, NO_BASIS, DISPROPORTIONATE, STALE = range(7)
KINDS = 7
"""Truth of a record, and of the ledger entry it leads to: the six kinds of wrongful, and true."""

(
    JUDGED, COULD_NOT, PERFORMED, DETERRED, WOULD_NOT, ENFORCED, PERFORMED_LATE, SETTLED, BROKE_ORDER, BROKE_SETTLEMENT,
    EXITS, EXITS_STALE,
) = range(12)  # fmt: skip
COURT_STEPS = 12
"""What the court's tally counts. In the day's steps, DETERRED is a debtor who performed, and without fear would not."""

IN_SCOPE, REFUSED, PENALISED, SHOWN, REWARDED = 1, 2, 4, 8, 16
"""Bits of `marks`: in scope of the instrument; ever refused, penalised, shamed in public, rewarded."""

CHANNELS = ("billboard", "app", "ringtone", "broadcast_shame", "gallery", "broadcast_praise")
BILLBOARD, APP, RINGTONE, BROADCAST_SHAME, GALLERY, BROADCAST_PRAISE = range(6)
SHAMING, PRAISING = 0b001111, 0b110000
"""Channels on which standing is shown in public, and which of their bits shame and which praise."""

OUT_REFUSED, OUT_DELAYED, OUT_DEARER, OUT_CHEAPER, OUT_FIRST = 1, 2, 4, 8, 16
"""Bits of an outcome."""

E_SLOT, E_WHAT, E_INSTRUMENT, E_RULE, E_BEHAVIOUR, E_SENSOR, E_POINTS = range(7)
E_BEFORE, E_AFTER, E_STANDING_BEFORE, E_STANDING_AFTER, E_ITEM = range(7, 12)
ENTRY_FIELDS = 12
"""Fields of a ledger entry in `entries`; E_ITEM is its place in the agenda, by which its truth is joined."""

LEDGER_FIELDS = (
    "slot", "day", "what", "instrument", "rule", "behaviour", "sensor", "points", "score_before", "score_after",
    "standing_before", "standing_after", "truth", "doer",
)  # fmt: skip
"""Fields of the kept ledger."""

ACT, COURT_STEP, RECORDED, APPLICATION, NOTICE = range(5)
"""What an event of a life is, in the order in which a day brings them."""

EVENT_FIELDS = ("slot", "day", "event", "code", "a", "b", "c")
"""Fields of a kept event; what `code` and the three that follow hold depends on the event.

ACT: behaviour; fate; recorded against the one who did it (0 or 1); 0. COURT_STEP: behaviour sued over; step; truth;
doer. RECORDED: behaviour; sensor; truth; doer. APPLICATION: service; bits of the outcome; days; percent. NOTICE:
instrument; rule; points; bits of what followed.
"""

KNOWS, APPEALED, WON = 1, 2, 4
"""Bits of what followed a notice: the person knows of the scheme; appealed; the appeal will be upheld."""

PEOPLE_FIELDS = ("age", "flags", "education", "income_rank", "household")
"""What is kept of who the people of the panel are, as they were on the morning of day 0."""

STATE_FIELDS = (
    "belief_government", "belief_commerce", "belief_society", "belief_judiciary", "income", "hardship", "trust",
    "opinion", "motive", "ties", "channels",
)  # fmt: skip
"""Fields of a person's kept state, each month's end; then come those of their standing, for each instrument."""

STANDING_FIELDS = ("score", "standing", "aware", "marks")
"""Fields of a person's kept standing under an instrument."""
