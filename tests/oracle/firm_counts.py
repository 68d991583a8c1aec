"""Section 13, what is counted of firms, by cell and connected."""

KINDS = 4  # of truth
OUTCOMES = 5
TOLD, APPEALED, UPHELD, RIGHTED, REPAIRED, SHOWN, CUSTOM = range(7)
REFUSED, PENALISED = 2, 4


class FirmFlows:
    """The flows of one month; each a list by group. `setting` is that of all rulebooks together."""

    def __init__(self, setting):
        behaviours, services, sensors = setting.behaviours, setting.services, setting.sensors
        self.n_behaviours = len(behaviours)
        self.groups = range(2 * len(setting.scales) * len(setting.shares))

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
        self.told_of = [k for k, instrument in enumerate(setting.instruments) if instrument.told_of]
        self.besides = zeros(n, len(setting.instruments), 7)
        self.driven = 0  # is in none of the counts

    def acted(self, firm, behaviour):
        self.acts[firm.group][behaviour.number] += 1

    def applied(self, firm, service):
        self.acts[firm.group][self.n_behaviours + service.number] += 1

    def could_not(self, firm, behaviour):
        self.unable[firm.group][behaviour.number] += 1

    def was_driven(self):
        self.driven += 1

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

    def told(self, firm, k):
        self.besides[firm.group][k][TOLD] += 1

    def appealed(self, firm, k, upheld, mistaken):
        tally = self.besides[firm.group][k]
        tally[APPEALED] += 1
        tally[UPHELD] += upheld
        tally[RIGHTED] += upheld and mistaken

    def repaired(self, firm, k):
        self.besides[firm.group][k][REPAIRED] += 1

    def shown(self, firm, k, custom):
        tally = self.besides[firm.group][k]
        tally[SHOWN] += 1
        tally[CUSTOM] += custom

    def flat(self):
        """Everything in a row, by group."""
        tables = [
            self.acts, self.unable, self.deterring, self.letting_off, self.inspections, self.cleans, self.records,
            self.outcomes, self.entries,
        ]  # fmt: skip
        rows = [[number for table in tables for number in flatten(table[group])] for group in self.groups]
        return [row + [n for k in self.told_of for n in self.besides[group][k]] for group, row in enumerate(rows)]


def flatten(table):
    if not isinstance(table, list):
        return [table]
    return [number for row in table for number in flatten(row)]


def moment(setting, districts):
    """The snapshot, by group: firms, employees, bound, and what stands under each instrument of the run."""
    rows = []
    for group in range(2 * len(setting.scales) * len(setting.shares)):
        here = [(district, firm) for district in districts for firm in district.firms if firm.group == group]
        row = [len(here), sum(firm.employees for _, firm in here), sum(sum(firm.bound.values()) for _, firm in here)]
        under = [accounts_under(k, here) for k in range(len(setting.instruments))]
        for accounts, instrument in zip(under, setting.instruments, strict=True):
            row += [len(accounts), sum(account.points for account in accounts)]
            row += [sum(account.marks & mark > 0 for account in accounts) for mark in (REFUSED, PENALISED)]
            row += [sum(account.standing == g for account in accounts) for g in range(len(instrument.grades))]
        for accounts, instrument in zip(under, setting.instruments, strict=True):
            if instrument.told_of:
                contesting = [account for account in accounts if account.open > 0]
                row += [len(contesting), sum(account.standing < account.clear.standing for account in contesting)]
        rows.append(row)
    return rows


def accounts_under(k, here):
    """Those in scope of an instrument of the run."""
    accounts = [firm.accounts[district.numbers.index(k)] for district, firm in here if k in district.numbers]
    return [account for account in accounts if account.in_scope]
