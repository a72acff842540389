// SPDX-License-Identifier: Apache-2.0
// What becomes of a made case: the steps that people did with it, oldest first, and when. A
// course is a list of moves; each is told who does it, after how many minutes, and its words.

const HOUR = 60;
const DAY = 24 * HOUR;
const OLDEST = 90 * DAY;
/** Minutes until it is taken and from there until it is answered, as promised and mostly kept. */
const PACE = {
  stat: { take: [1, 4], answer: [4, 9], late: [9, 25], ask: [2, 4], inform: [3, 15] },
  urgent: { take: [3, 26], answer: [15, 190], late: [50, 110], ask: [8, 40], inform: [10, 120] },
  routine: { take: [4, 28], answer: [50, 1200], late: [70, 600], ask: [20, 300], inform: [40, 1800] },
};

/** How many of a hundred end so; the rest of what they are asked for is rounding. */
export const COURSES = [
  ['closed', 27], ['closed-asked', 9], ['closed-talked', 7], ['closed-late', 7], ['closed-rerouted', 4], ['closed-lost', 5],
  ['outcome', 7], ['acted', 6], ['answered', 7], ['answered-asked', 2], ['taken', 4], ['taken-talked', 2], ['asked', 4], ['informed', 1],
  ['sent', 2], ['sent-late', 3], ['draft', 2], ['declined', 3], ['withdrawn', 3], ['expired', 3],
];

/** The moves of a course; "leave" is nobody's: what is left lies so long already. */
const MOVES = {
  draft: [], sent: [], 'sent-late': [], expired: [],
  taken: ['take'], 'taken-talked': ['take', 'talk'], asked: ['take', 'ask'], informed: ['take', 'ask', 'inform'],
  answered: ['take', 'answer'], 'answered-asked': ['take', 'ask', 'inform', 'answer'],
  acted: ['take', 'answer', 'act'], outcome: ['take', 'answer', 'act', 'outcome'],
  closed: ['take', 'answer', 'act', 'outcome', 'close'],
  'closed-asked': ['take', 'ask', 'inform', 'answer', 'act', 'outcome', 'close'],
  'closed-talked': ['take', 'talk', 'answer', 'act', 'talk-after', 'outcome', 'close'],
  'closed-late': ['take-late', 'answer', 'act', 'outcome', 'close'],
  'closed-rerouted': ['reroute', 'take', 'answer', 'act', 'outcome', 'close'],
  'closed-lost': ['take', 'answer', 'close-lost'],
  declined: ['decline'], withdrawn: ['withdraw'],
};

/** How many minutes the newest of a case lies back, by what it waits for; ${took}: from the question to there. */
function restOf(course, urgency, took, chance) {
  const between = (least, most) => chance.between(least, most);
  if (course === 'draft') return between(8, 2 * DAY);
  if (course === 'sent') return urgency === 'stat' ? between(1, 4) : between(2, 24);
  if (course === 'sent-late') return { stat: between(8, 10 * HOUR), urgent: between(35, 2 * DAY), routine: between(40, 9 * DAY) }[urgency];
  if (course === 'expired') return between(16 * DAY, 85 * DAY);
  if (course === 'asked') return { stat: between(4, 40), urgent: between(15, 20 * HOUR), routine: between(30, 4 * DAY) }[urgency];
  if (course.startsWith('taken') || course === 'informed') return { stat: between(2, 7), urgent: between(4, 150), routine: between(20, 14 * HOUR) }[urgency];
  if (course.startsWith('answered')) return between(15, { stat: 14 * HOUR, urgent: 3 * DAY, routine: 6 * DAY }[urgency]);
  if (course === 'acted') return between(3 * HOUR, 9 * DAY);
  if (course === 'outcome') return between(2 * HOUR, 6 * DAY);
  return between(DAY, OLDEST - took);
}

function waitOf(move, urgency, chance) {
  const pace = PACE[urgency];
  const between = ([least, most]) => chance.between(least, most);
  const slow = urgency === 'routine' ? 4 : 1;
  switch (move) {
    case 'take': return between(pace.take);
    case 'take-late': return between(pace.late);
    case 'ask': return between(pace.ask);
    case 'inform': return between(pace.inform);
    case 'answer': return between(pace.answer);
    case 'talk': return between(pace.ask);
    case 'talk-after': return chance.between(3 * HOUR, 2 * DAY);
    case 'reroute': return between(pace.take);
    case 'decline': return between(pace.take);
    case 'withdraw': return between(pace.take);
    case 'act': return chance.between(20, 6 * HOUR * slow);
    case 'outcome': return chance.between(DAY, 9 * DAY);
    case 'close': return chance.between(5, DAY);
    case 'close-lost': return chance.between(10 * DAY, 20 * DAY);
    default: throw new Error(`"${move}" is no move`);
  }
}

/** { sent, moves: [{ move, ago }] } in minutes. */
export function courseOf(course, urgency, chance) {
  const waits = MOVES[course].map((move) => ({ move, wait: waitOf(move, urgency, chance) }));
  const took = waits.reduce((sum, { wait }) => sum + wait, 0);
  let ago = restOf(course, urgency, took, chance) + took;
  const sent = ago;
  return { sent, moves: waits.map(({ move, wait }) => ({ move, ago: (ago -= wait) })) };
}
