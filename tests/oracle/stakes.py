"""Section 7, what people weigh: the worth of what a scheme may do to them, yuan."""


def prospect(world, person, behaviour):
    """What one good deed brings of the run of deeds that pays best a deed, yuan; none pays: nothing."""
    tables, best = person.tables, 0
    income = max(1, world.society.income_now(person))
    for n in range(1, tables.foresight + 1):
        gain = stake(world, person, behaviour, n)
        if gain * 2**20 >= n * tables.effort * income:
            best = max(best, gain // n)
    return best


def stake(world, person, behaviour, n=1):
    """What the person thinks the act would cost (bad), or n in a row would bring (good), under the instruments."""
    total = 0
    for table, account in zip(person.tables.instruments, person.accounts, strict=True):
        rule = table.weighed[behaviour.number]
        if not account.in_scope or not account.aware or rule is None:
            continue
        before = account.effective_score(table.instrument, table.midpoint)
        points = rule.steps[account.counters[rule.counter]] if rule.reckoned else rule.points
        if behaviour.bad:
            if points > 0:
                continue
            after = before + points if rule.grade is None else min(before + points, table.midpoint[rule.grade])
            change = table.worth(person.rate_cell, before) - table.worth(person.rate_cell, after)
        else:
            if points <= 0:
                continue
            if rule.reckoned:
                counted = account.counters[rule.counter]
                given = sum(rule.steps[min(counted + earlier, 15)] for earlier in range(n))
            elif rule.kind == "cap":
                given = points * min(n, max(0, rule.most - account.counters[rule.counter]))
            else:
                given = points * n
            change = table.worth(person.rate_cell, before + given) - table.worth(person.rate_cell, before)
        total += (max(0, change) * table.duration[rule.number]) >> 8
    return total


def relief(world, person):
    """What it would be worth to the person to be rid of all overrides, a year."""
    total = 0
    for table, account in zip(person.tables.instruments, person.accounts, strict=True):
        if account.in_scope and account.aware:
            free = account.score(table.instrument)
            held = account.effective_score(table.instrument, table.midpoint)
            total += max(0, table.worth(person.rate_cell, free) - table.worth(person.rate_cell, held))
    return total


def in_incomes(world, person, yuan):
    """l: yuan in Q12 of a year's income of the person."""
    return min(65535, (yuan * 4096) // max(1, world.society.income_now(person)))
