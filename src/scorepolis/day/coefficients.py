"""Positions of the coefficients in the table that compiled functions read, with the integer each becomes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial

import numpy as np
import numpy.typing as npt

from scorepolis.core.exact import q
from scorepolis.core.provenance import Quantity
from scorepolis.parameters import Parameters

(
    FORM_UNIFORM_GAIN, CERTAINTY, SEVERITY, THRESHOLD, FULL_CERTAINTY_LOSS, LARGEST_GAIN,
    REWARD_MOST, REWARD_PULL, CROWDING_SPEED, FORESIGHT, EFFORT,
    PEERS_LEAST, PEERS_MOST,
    PRIOR_WEIGHT, EXPERIENCE_MOST, PEER_WEIGHT, FAR_WEIGHT, STORY_SHARE,
    NOTICE_READ, HOUSEHOLD_TELLS, NEWS_REACH,
    PUBLICITY_REACH, BILLBOARD_WEIGHT, APP_WEIGHT, BROADCAST_WEIGHT, RINGTONE_WEIGHT, PRAISE_OPINION, SHUNNING,
    SHUNNED_DISTRUST,
    DELAY_HARDSHIP,
    INCOME_RETURN, HARDSHIP_RETURN, TRUST_RETURN, OPINION_RETURN, MOTIVE_RETURN, POVERTY_LINE,
    TRUST_RURAL, TRUST_URBAN, OPINION_LOSS, OPINION_GAIN, REPORT_DISTRUST, SHOWN_DISTRUST, CONFORMITY,
    SUIT_SHORTEST, SUIT_SPAN, MISMATCH, DEADLINE_DAYS, EVASION, UNABLE_AT_FULL_HARDSHIP, APPLIES, GRACE,
    MISTAKEN_ABLE, MISTAKEN_UNABLE, REVIEW_DAYS, PERFORMS, PRESSURE, BREAKS_ORDER, SETTLES, REMOVAL,
    LATE_REMOVAL, LATE_DAYS,
    APPEALS_WRONGED, APPEALS_OTHER, STALE_AFTER,
) = range(64)  # fmt: skip

SHOWN_MOST = 20
"""People shown in a neighbourhood beyond which more make no difference."""


def coefficient_table(parameters: Parameters, of_courts: Mapping[str, Quantity] | None = None) -> npt.NDArray[np.int64]:
    """Build the table of coefficients, each in the fixed point that the method gives.

    Parameters
    ----------
    parameters
        Validated parameters.
    of_courts
        What rulebooks say of courts, by the names of the coefficients that it replaces.

    Returns
    -------
    int64 array, shape (64,)
    """
    c = parameters.coefficients
    if of_courts:
        c = c.model_copy(update={"courts": c.courts.model_copy(update=of_courts)})
    share32, share16, eighth = partial(q, 32), partial(q, 16), partial(q, 8)

    def steps(value: Fraction) -> int:
        return q(16, 255 * value)

    return np.array(
        [
            int(c.deterrence.form.value == "uniform_gain"),
            eighth(c.deterrence.certainty.exact),
            eighth(c.deterrence.severity.exact),
            share16(c.deterrence.threshold.exact),
            max(1, q(12, c.deterrence.full_certainty_loss.exact)),
            q(12, c.deterrence.largest_gain.exact),
            share16(c.reward.reward_most.exact),
            eighth(c.reward.reward_pull.exact),
            share16(c.reward.crowding_speed.exact),
            q(0, c.reward.foresight.exact),
            q(20, c.reward.effort.exact),
            eighth(c.peers.peers_least.exact),
            eighth(c.peers.peers_most.exact),
            q(4, c.learning.prior_weight.exact),
            q(0, c.learning.experience_most.exact),
            share16(c.learning.peer_weight.exact),
            share16(c.learning.far_weight.exact),
            share32(c.learning.story_share.exact),
            share32(c.awareness.notice_read.exact),
            share32(c.awareness.household_tells.exact),
            share32(c.awareness.news_reach.exact),
            share32(c.publicity.publicity_reach.exact),
            share16(c.publicity.billboard_weight.exact),
            share16(c.publicity.app_weight.exact),
            share16(c.publicity.broadcast_weight.exact),
            share16(c.publicity.ringtone_weight.exact),
            steps(c.publicity.praise_opinion.exact),
            share32(c.publicity.shunning.exact),
            steps(c.publicity.shunned_distrust.exact),
            steps(c.services.delay_hardship.exact),
            share16(c.life.income_return.exact),
            share16(c.life.hardship_return.exact),
            share16(c.life.trust_return.exact),
            share16(c.life.opinion_return.exact),
            share16(c.life.motive_return.exact),
            q(0, c.life.poverty_line.exact),
            q(0, 255 * c.life.trust_rural.exact),
            q(0, 255 * c.life.trust_urban.exact),
            steps(c.life.opinion_loss.exact),
            steps(c.life.opinion_gain.exact),
            steps(c.life.report_distrust.exact),
            steps(c.life.shown_distrust.exact),
            eighth(c.life.conformity.exact),
            q(0, c.courts.suit_shortest.exact),
            q(0, c.courts.suit_longest.exact - c.courts.suit_shortest.exact) + 1,
            share32(c.courts.mismatch.exact),
            q(0, c.courts.deadline.exact),
            share32(c.courts.evasion.exact),
            share32(c.courts.unable_at_full_hardship.exact),
            share32(c.courts.applies.exact),
            q(0, c.courts.grace.exact),
            share32(c.courts.mistaken_able.exact),
            share32(c.courts.mistaken_unable.exact),
            q(0, c.courts.review.exact),
            share32(c.courts.performs.exact),
            share32(c.courts.pressure.exact),
            share32(c.courts.breaks_order.exact),
            share32(c.courts.settles.exact),
            q(0, c.courts.removal.exact),
            share32(c.courts.late_removal.exact),
            q(0, c.courts.late_days.exact),
            share32(c.appeals.appeals_wronged.exact),
            share32(c.appeals.appeals_other.exact),
            q(0, c.wrongful.stale_after.exact),
        ],
        np.int64,
    )
