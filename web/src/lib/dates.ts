// SPDX-License-Identifier: Apache-2.0
// Dates and numbers as a language writes them. Browsers know how, but for Tibetan many do
// not and would quietly take the language of the machine: Tibetan dates are made here then.

const TIBETAN = 'bo';
const TIBETAN_WEEKDAYS = ['གཟའ་ཉི་མ།', 'གཟའ་ཟླ་བ།', 'གཟའ་མིག་དམར།', 'གཟའ་ལྷག་པ།', 'གཟའ་ཕུར་བུ།', 'གཟའ་པ་སངས།', 'གཟའ་སྤེན་པ།'];
const ENGLISH_WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** What Intl is given for ${language}: never left to the machine's own language. */
export function localesOf(language: string): string[] {
  return language === 'zh' ? ['zh-CN', 'en'] : [language, 'en'];
}

function tibetanDate(date: Date, options: Intl.DateTimeFormatOptions): string {
  const { dateStyle, timeStyle, timeZone } = options;
  const parts = new Map(new Intl.DateTimeFormat('en', {
    year: 'numeric', month: 'numeric', day: 'numeric', weekday: 'short',
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(date).map((part) => [part.type, part.value]));
  const of = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? '';
  const year = dateStyle || options.year ? `${of('year')} ལོའི་` : '';
  const month = dateStyle || options.month ? `ཟླ་ ${of('month')}` : '';
  const day = dateStyle || options.day ? ` ཚེས་ ${of('day')}` : '';
  const weekday = dateStyle === 'full' || options.weekday ? TIBETAN_WEEKDAYS[ENGLISH_WEEKDAYS.indexOf(of('weekday'))] ?? '' : '';
  const clock = timeStyle || options.hour ? `${of('hour')}:${of('minute')}` : '';
  const seconds = timeStyle === 'long' ? `:${of('second')} ${of('timeZoneName')}` : '';
  return [`${year}${month}${day}`, weekday, `${clock}${seconds}`].filter((part) => part !== '').join(' ');
}

/** ${date} in ${language}, as Intl.DateTimeFormat has it with ${options}. */
export function dateIn(language: string, date: Date, options: Intl.DateTimeFormatOptions): string {
  if (language === TIBETAN && Intl.DateTimeFormat.supportedLocalesOf(TIBETAN).length === 0) return tibetanDate(date, options);
  return new Intl.DateTimeFormat(localesOf(language), options).format(date);
}

/** From ${first} to ${last}, both included. */
export function datesIn(language: string, first: Date, last: Date, options: Intl.DateTimeFormatOptions): string {
  if (language === TIBETAN && Intl.DateTimeFormat.supportedLocalesOf(TIBETAN).length === 0) {
    return `${tibetanDate(first, options)} – ${tibetanDate(last, options)}`;
  }
  return new Intl.DateTimeFormat(localesOf(language), options).formatRange(first, last);
}

/** Do browsers have words for units in ${language}? Those that know Tibetan say "days" in English. */
export const hasUnits = (language: string) => language !== TIBETAN;

export function numberIn(language: string, value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(localesOf(language), options).format(value);
}

/** ${amount}, a decimal as records have it, with the digits it has: format() takes the text itself, so nothing is rounded. */
export function amountIn(language: string, amount: string): string {
  const digits = amount.split('.')[1]?.length ?? 0;
  const format = new Intl.NumberFormat(localesOf(language), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return format.format(amount as unknown as number);
}
