/* W by hand, exact: what the machine can do on one core. W.md specifies it; gcc -O3 -march=native vectorises the two
 * loops over a neighbourhood (random words, gate); all that follows touches the three in a hundred who act. */
#include <stdint.h>
#include <string.h>

enum { NEIGHBOURHOOD = 1024, HOMES = 64, DISTRICT = NEIGHBOURHOOD * HOMES, BLOCK = 64 };
static const uint64_t GAMMA = 0x9E3779B97F4A7C15u;

typedef struct {
    int16_t *score;
    uint8_t *belief;
    uint16_t *until;
    const uint8_t *infr, *good, *wealth, *expo, *cam;
    int32_t *counts; /* six for each neighbourhood */
    const uint16_t *threshold;
    const uint8_t *other, *visibility;
    const int16_t *points;
    const uint8_t *severe;
} World;

typedef struct {
    uint16_t blamed;
    uint8_t kind;
} Record;

static inline uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t key(uint64_t seed, uint32_t day, uint64_t stream)
{
    return mix(mix(seed + GAMMA) + mix(((stream << 32) + day) * GAMMA + 1));
}

/* The partner's place in the district. */
static uint32_t partner(uint32_t place, uint32_t key)
{
    uint32_t left = place >> 8, right = place & 255, old;
    for (int round = 0; round < 4; round++) {
        old = left, left = right;
        right = old ^ ((right + (key >> 8 * round & 255) + 1) * 0x9E3779B1u >> 24);
    }
    right ^= 1;
    for (int round = 3; round >= 0; round--) {
        old = right, right = left;
        left = old ^ ((left + (key >> 8 * round & 255) + 1) * 0x9E3779B1u >> 24);
    }
    return left << 8 | right;
}

static inline void learn(uint8_t *belief, uint32_t who)
{
    belief[who] += (255 - belief[who]) >> 5;
}

/* Mark 1 for a good act, 3 for a bad one; and a bit for each who acts. */
static void gate(const World *w, size_t first, uint64_t key, uint8_t *restrict mark, uint8_t *restrict bits)
{
    uint64_t words[NEIGHBOURHOOD / 4] __attribute__((aligned(64)));
    uint16_t r[NEIGHBOURHOOD] __attribute__((aligned(64)));
    const uint8_t *restrict infr = w->infr + first, *restrict good = w->good + first;
    const uint8_t *restrict belief = w->belief + first;
    const int16_t *restrict score = w->score + first;
    uint64_t base = key + first / 4 * GAMMA;

    for (uint32_t j = 0; j < NEIGHBOURHOOD / 4; j++)
        words[j] = mix(base + j * GAMMA);
    memcpy(r, words, sizeof r);
    for (int a = 0; a < NEIGHBOURHOOD; a++) { /* every product fits 16 bits */
        uint16_t pb = (uint16_t)(infr[a] * (uint16_t)(256 - (belief[a] >> 1))) >> 4;
        uint16_t pg = (uint16_t)(good[a] * (uint16_t)(64 + ((uint16_t)(1300 - score[a]) >> 4))) >> 3;
        uint16_t p = pb + pg;
        mark[a] = (r[a] < p) | (r[a] < pb) << 1;
    }
    for (int e = 0; e < NEIGHBOURHOOD / 8; e++) { /* gathers the lowest bit of eight bytes in one byte */
        uint64_t eight;
        memcpy(&eight, mark + 8 * e, 8);
        bits[e] = (eight & 0x0101010101010101u) * 0x0102040810204080u >> 56;
    }
}

/* A neighbourhood's day, but for its partners elsewhere in the district; returns how many are told, each in `told`. */
static int neighbourhood(const World *w, uint32_t home, uint32_t day, uint64_t gate_key, uint64_t event_key,
                         uint32_t *told)
{
    uint8_t mark[NEIGHBOURHOOD] __attribute__((aligned(64)));
    uint8_t bits[NEIGHBOURHOOD / 8] __attribute__((aligned(64)));
    uint16_t acts[NEIGHBOURHOOD];
    Record seen[NEIGHBOURHOOD];
    size_t first = (size_t)home * NEIGHBOURHOOD;
    uint8_t *belief = w->belief + first;
    int32_t *counts = w->counts + (size_t)home * 6;
    int n = 0, bad_acts = 0, records = 0, wrongs = 0, told_here = 0;

    gate(w, first, gate_key, mark, bits);
    for (uint32_t a = 0; a < NEIGHBOURHOOD; a += 64) {
        uint64_t acting;
        for (memcpy(&acting, bits + a / 8, 8); acting; acting &= acting - 1)
            acts[n++] = a + __builtin_ctzll(acting);
    }

    for (int e = 0; e < n; e++) { /* no branch on chance: the processor could not foretell it */
        uint32_t a = acts[e], bad = mark[a] >> 1;
        uint64_t number = event_key + 2 * (first + a) * GAMMA, word = mix(number);
        uint32_t w0 = (uint32_t)word, w1 = word >> 32, w2 = (uint32_t)mix(number + GAMMA);
        uint32_t column = w0 & 31, at = ((w->wealth[first + a] >> 5) * 2 + 1 - bad) * 32 + column;
        uint32_t other = w->other[at], kind = ((w0 >> 16) < w->threshold[at] ? column : other) + (1 - bad) * 32;
        uint32_t chance = w->cam[home] * (128u + (w->expo[first + a] >> 1)) * w->visibility[kind] >> 16;
        uint32_t observed = (w1 & 255) < chance, wrong = bad & observed & ((w1 >> 8 & 127) == 0);
        uint32_t b = belief[a], caught = observed & (wrong ^ 1), change = caught ? (255 - b) >> 3 : -(b >> 4);
        belief[a] = b + (change & -bad);
        seen[records] = (Record){wrong ? w2 & (NEIGHBOURHOOD - 1) : a, kind};
        records += observed, wrongs += wrong, bad_acts += bad;
    }

    for (int e = 0; e < records; e++) {
        size_t who = first + seen[e].blamed;
        uint32_t kind = seen[e].kind, a = seen[e].blamed;
        int before = w->score[who], after = before + w->points[kind];
        after = after < 0 ? 0 : after > 1300 ? 1300 : after;
        w->score[who] = after;
        counts[4] += after - before;
        if (after < 600 || w->severe[kind]) {
            counts[5] += w->until[who] <= day;
            w->until[who] = day + 90;
        }
        if (kind < 32) {
            learn(belief, (a + 1) % NEIGHBOURHOOD), learn(belief, (a - 1) % NEIGHBOURHOOD);
            learn(belief, (a + 2) % NEIGHBOURHOOD), learn(belief, (a - 2) % NEIGHBOURHOOD);
            told[told_here++] = (home % HOMES) * NEIGHBOURHOOD + a;
        }
    }
    for (int a = 0; a < BLOCK; a++) {
        uint8_t *b = belief + BLOCK * (day & 15) + a;
        *b += (*b < 96) - (*b > 96);
    }
    counts[0] += bad_acts, counts[1] += n - bad_acts, counts[2] += records, counts[3] += wrongs;
    return told_here;
}

void run(const World *w, uint64_t seed, uint32_t districts, uint32_t first_day, uint32_t days)
{
    uint32_t told[DISTRICT];
    for (uint32_t d = 0; d < districts; d++) { /* a district stays in the cache through its days */
        uint32_t district_key = (uint32_t)mix(seed ^ d * GAMMA);
        for (uint32_t day = first_day; day < first_day + days; day++) {
            uint64_t gate_key = key(seed, day, 0), event_key = key(seed, day, 1);
            int n = 0;
            for (uint32_t h = 0; h < HOMES; h++)
                n += neighbourhood(w, d * HOMES + h, day, gate_key, event_key, told + n);
            for (int e = 0; e < n; e++)
                learn(w->belief + (size_t)d * DISTRICT, partner(told[e], district_key));
        }
    }
}
