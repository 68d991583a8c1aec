"""Sections 5, 6 and 9, bonus-malus: a coefficient in hundredths, multiplied once a year."""

FREE, TOP = 6, 7  # the nibbles of years without a fault, and of years at the floor
MOST = 15  # of a nibble


class BonusMalus:
    """`entry` is the instrument's; c is a coefficient, the higher the worse."""

    def __init__(self, entry, _bits):
        self.best, self.worst = -int(entry["range"]["highest"]), -int(entry["range"]["lowest"])
        self.start = int(entry["start"])
        self.first = -self.start
        self.claim_free = entry["claim_free"]
        self.protected, self.returns = entry.get("protected"), entry.get("returns")
        self.history, self.min_age = int(entry["history"]), int(entry["scope"]["min_age"])
        self.factors = [rule["factor"] for rule in entry["rules"]]

    # The tables

    def dearer(self, c, r):
        """The coefficient after one fault."""
        return min(self.worst, c * self.factors[r] // 1)

    def cheaper(self, c):
        """The coefficient after a year without one."""
        return max(self.best, c * self.claim_free // 1)

    def steps(self, r):
        x = [self.first]
        while len(x) < 17:
            x.append(self.dearer(x[-1], r))
        return [self.cheaper(self.first) - x[1], *[x[c] - x[c + 1] for c in range(1, 16)]]

    def window(self, _r):
        return 0

    def lasts(self, r):
        """Days of the years without a fault that lead back to the start."""
        state = (self.dearer(self.first, r), 0, 0)
        for years in range(1, 16):
            state = self.year(*state, [0] * len(self.factors))
            if state[0] <= self.first:
                return 365 * years
        return 365 * 15

    def span(self, _r):
        return 365 * self.history

    def year(self, c, free, top, faults):
        """YEAR: what a year makes of the coefficient, the years without a fault and those at the floor."""
        if not any(faults):
            top = min(MOST, top + 1) if c == self.best else 0
            c, free = self.cheaper(c), min(MOST, free + 1)
            if self.returns is not None and free >= self.returns and c > self.first:
                c = self.first
            return c, free, top
        forgiven = self.protected is not None and top >= self.protected
        for r, n in enumerate(faults):
            for _ in range(n):
                if not forgiven:
                    c = self.dearer(c, r)
                forgiven = False
        return c, 0, 0

    # What happens

    def begin(self, person, account, faults, z0):
        """The years behind somebody; `faults` are (rule, days ago)."""
        since = 30 * (11 - (person.slot % 12 - z0) % 12)  # the last year's end
        years = max(0, min(self.history, person.age - self.min_age))
        behind = [[0] * len(self.factors) for _ in range(years + 1)]  # by year back, from 1
        for r, ago in faults:
            if ago < since:
                account.counters[r] = min(MOST, account.counters[r] + 1)
            else:
                y = 1 + (ago - since) // 365
                if y <= years:
                    behind[y][r] = min(MOST, behind[y][r] + 1)
        state = (self.first, 0, 0)
        for y in range(years, 0, -1):
            state = self.year(*state, behind[y])
        c, account.counters[FREE], account.counters[TOP] = state
        account.raw = -c

    def reckon(self, person, account, z):
        """The month's end, for those whose year ends with it."""
        if person.slot % 12 != z % 12:
            return
        n = len(self.factors)
        c, free, top = self.year(-account.raw, account.counters[FREE], account.counters[TOP], account.counters[:n])
        account.raw = -c
        account.counters[:n] = [0] * n
        account.counters[FREE], account.counters[TOP] = free, top
