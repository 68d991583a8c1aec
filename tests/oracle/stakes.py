"""Section 7, what people weigh: the worth of what a scheme may do to them, yuan."""


def stake(world, person, behaviour):
    """What the person thinks the act would cost (bad) or bring (good) under the instruments."""
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
            if points <= 0 or (rule.kind == "cap" and account.counters[rule.counter] >= rule.most):
                continue
            change = table.worth(person.rate_cell, before + points) - table.worth(person.rate_cell, before)
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
