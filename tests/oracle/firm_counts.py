"""Section 13, what is counted of firms, by size and connected."""

KINDS = 4  # of truth
OUTCOMES = 5
REFUSED, PENALISED = 2, 4


class FirmFlows:
    """The flows of one month; each a list by group. `setting` is that of all rulebooks together."""

    def __init__(self, setting):
        behaviours, services, sensors = setting.behaviours, setting.services, setting.sensors
        self.n_behaviours = len(behaviours)
        self.groups = range(2 * len(setting.scales))

        def zeros(*shape):
            if not shape:
                return 0
            return [zeros(*shape[1:]) for _ in range(shape[0])]

        n = len(self.groups)
        self.acts = zeros(n, len(behaviours) + len(services))
        self.unable, self.deterring, self.letting_off = (zeros(n, len(behaviours)) for _ in range(3))
        self.inspections, self.cleans = zeros(n, len(sensors)), zeros(n, len(sensors))
        self.records = zeros(n, len(sensors), KINDS)
        self.entries = zeros(n, len(setting.instruments), 2, KINDS)  # negative, positive
        self.outcomes = zeros(n, len(services), OUTCOMES)

    def acted(self, firm, behaviour):
        self.acts[firm.group][behaviour.number] += 1

    def applied(self, firm, service):
        self.acts[firm.group][self.n_behaviours + service.number] += 1

    def could_not(self, firm, behaviour):
        self.unable[firm.group][behaviour.number] += 1

    def deterred(self, firm, behaviour):
        self.deterring[firm.group][behaviour.number] += 1

    def let_off(self, firm, behaviour):
        self.letting_off[firm.group][behaviour.number] += 1

    def inspected(self, firm, sensor):
        self.inspections[firm.group][sensor.number] += 1

    def clean(self, firm, sensor):
        self.cleans[firm.group][sensor.number] += 1

    def recorded(self, firm, record):
        self.records[firm.group][record.sensor][record.kind] += 1

    def entered(self, firm, k, kind, negative, positive):
        self.entries[firm.group][k][0][kind] += negative
        self.entries[firm.group][k][1][kind] += positive

    def served(self, firm, service, bits):
        for outcome, bit in enumerate(bits):
            self.outcomes[firm.group][service.number][outcome] += bit

    def flat(self):
        """Everything in a row, by group."""
        tables = [
            self.acts, self.unable, self.deterring, self.letting_off, self.inspections, self.cleans, self.records,
            self.outcomes, self.entries,
        ]  # fmt: skip
        return [[number for table in tables for number in flatten(table[group])] for group in self.groups]


def flatten(table):
    if not isinstance(table, list):
        return [table]
    return [number for row in table for number in flatten(row)]


def moment(setting, districts):
    """The snapshot, by group: firms, employees, bound, and what stands under each instrument of the run."""
    rows = []
    for group in range(2 * len(setting.scales)):
        here = [(district, firm) for district in districts for firm in district.firms if firm.group == group]
        row = [len(here), sum(firm.employees for _, firm in here), sum(sum(firm.bound.values()) for _, firm in here)]
        for k, instrument in enumerate(setting.instruments):
            accounts = [firm.accounts[district.numbers.index(k)] for district, firm in here if k in district.numbers]
            accounts = [account for account in accounts if account.in_scope]
            row += [len(accounts), sum(account.points for account in accounts)]
            row += [sum(account.marks & mark > 0 for account in accounts) for mark in (REFUSED, PENALISED)]
            row += [sum(account.standing == g for account in accounts) for g in range(len(instrument.grades))]
        rows.append(row)
    return rows
