"""Section 14, what is counted of public bodies, by kind."""

from .body_files import BEHAVIOURS
from .firm_counts import KINDS, OUTCOMES, PENALISED, REFUSED, flatten

WEIGHED = 2  # of the behaviours, those with bills and judgments


class BodyFlows:
    """The flows of one month; each a list by kind of body. `setting` is that of all rulebooks together.

    `firm_behaviours`: how many of them there are, whether firms live in the run or not.
    """

    def __init__(self, setting, firm_behaviours):
        services, sensors = setting.services, setting.sensors

        def zeros(*shape):
            if not shape:
                return 0
            return [zeros(*shape[1:]) for _ in range(shape[0])]

        n = len(setting.kinds)
        self.kinds = range(n)
        self.acts = zeros(n, len(BEHAVIOURS))
        self.unable, self.deterring = zeros(n, WEIGHED), zeros(n, WEIGHED)
        self.settling = zeros(n, 3)  # paid, judged, performed
        self.reports = zeros(n, 3)  # arrived, of extra looks, asked for
        self.inspections, self.cleans = zeros(n, len(sensors)), zeros(n, len(sensors))
        self.records = zeros(n, len(sensors), KINDS)
        self.entries = zeros(n, len(setting.instruments), 2, KINDS)  # negative, positive
        self.applications = zeros(n, len(services))
        self.outcomes = zeros(n, len(services), OUTCOMES)
        self.suppliers, self.supplier_acts = zeros(n, 2), zeros(n, firm_behaviours, 2)  # paid, waiting

    def acted(self, body, b, times=1):
        self.acts[body.kind.number][b] += times

    def could_not(self, body, b):
        self.unable[body.kind.number][b] += 1

    def deterred(self, body, b):
        self.deterring[body.kind.number][b] += 1

    def settled(self, body, paid, performed):
        self.settling[body.kind.number][0] += paid
        self.settling[body.kind.number][2] += performed

    def judged(self, body):
        self.settling[body.kind.number][1] += 1

    def reported(self, body, *arrived_looked_asked):
        for n, number in enumerate(arrived_looked_asked):
            self.reports[body.kind.number][n] += number

    def inspected(self, body, sensor):
        self.inspections[body.kind.number][sensor.number] += 1

    def clean(self, body, sensor):
        self.cleans[body.kind.number][sensor.number] += 1

    def recorded(self, body, record):
        self.records[body.kind.number][record.sensor][record.kind] += 1

    def entered(self, body, k, kind, negative, positive):
        self.entries[body.kind.number][k][0][kind] += negative
        self.entries[body.kind.number][k][1][kind] += positive

    def applied(self, body, service):
        self.applications[body.kind.number][service.number] += 1

    def served(self, body, service, bits):
        for outcome, bit in enumerate(bits):
            self.outcomes[body.kind.number][service.number][outcome] += bit

    def supplied(self, body, waiting, behaviour):
        """By a firm that did `behaviour`, None for nothing."""
        self.suppliers[body.kind.number][waiting] += 1
        if behaviour is not None:
            self.supplier_acts[body.kind.number][behaviour][waiting] += 1

    def tables(self):
        """By name, in the order of the run's counts."""
        return {
            "acts": self.acts,
            "unable": self.unable,
            "deterred": self.deterring,
            "settled": self.settling,
            "reports": self.reports,
            "inspections": self.inspections,
            "cleans": self.cleans,
            "records": self.records,
            "applications": self.applications,
            "outcomes": self.outcomes,
            "entries": self.entries,
            "suppliers": self.suppliers,
            "supplier_acts": self.supplier_acts,
        }

    def flat(self):
        """Everything in a row, by kind of body."""
        return [[number for table in self.tables().values() for number in flatten(table[x])] for x in self.kinds]


def moment(setting, districts):
    """The snapshot, by kind: who they are, what they owe, and how they stand under each instrument of the run."""
    rows = []
    for kind in setting.kinds:
        x = kind.number
        here = [(district, body) for district in districts for body in district.bodies if body.kind.number == x]
        row = [len(here), sum(body.officials for _, body in here), bound(here)]
        row += [sum(getattr(body, name) for _, body in here) for name in ("owed", "stuck", "defied", "beyond")]
        row.append(sum(body.forge > 0 for _, body in here))
        suppliers = [firm for _, body in here for firm in body.suppliers]
        row += [len(suppliers), sum(firm.waits > 0 for firm in suppliers)]
        row.append(sum(len(body.inherited) for _, body in here))
        for k, instrument in enumerate(setting.instruments):
            accounts = [body.accounts[district.numbers.index(k)] for district, body in here if k in district.numbers]
            accounts = [account for account in accounts if account.in_scope]
            row += [len(accounts), sum(account.points for account in accounts)]
            row += [sum(account.marks & mark > 0 for account in accounts) for mark in (REFUSED, PENALISED)]
            row += [sum(account.standing == g for account in accounts) for g in range(len(instrument.grades))]
        rows.append(row)
    return rows


def bound(here):
    return sum(person is not None for _, body in here for person in body.bound.values())
