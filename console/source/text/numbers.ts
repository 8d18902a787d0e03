// Numbers as people read them. What is not known, or is no number, is "no data" (a dash where space is short).

export const noData = "no data";
export const dash = "–";

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

/** A narrow space that never breaks, between a number and its unit. */
const gap = "\u202f";

/** Two or three significant digits, never an exponent: 0.42, 7.3, 87. */
function short(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(size) && size < 1000) return value.toString();
  if (size < 0.01) return "<0.01";
  if (size < 0.995) return value.toFixed(2);
  if (size < 9.95) return value.toFixed(1);
  return Math.round(value).toString();
}

const thousands = ["", "k", "M", "G", "T"];

/** 999, 1.2 k, 45 k, 3.1 M. */
export function count(value: Maybe): string {
  if (!known(value)) return noData;
  let size = value;
  let step = 0;
  while (Math.abs(size) >= 999.5 && step < thousands.length - 1) {
    size /= 1000;
    step += 1;
  }
  return step === 0 ? short(size) : short(size) + gap + thousands[step];
}

/** All digits, grouped: 1 234 567. */
export function exact(value: Maybe): string {
  if (!known(value)) return noData;
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, gap);
}

/** Events per second. */
export function rate(value: Maybe): string {
  return known(value) ? `${count(value)}/s` : noData;
}

/** Whole per cent; a little is not nothing. */
export function percent(share: Maybe): string {
  if (!known(share)) return noData;
  if (share > 0 && share < 0.005) return `<1${gap}%`;
  return `${Math.round(share * 100)}${gap}%`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB"];

/** How full a queue is. */
export const queueText = (fill: Maybe): string => (fill === null || fill === undefined ? noData : `${percent(fill)} full`);

export function bytes(value: Maybe): string {
  if (!known(value)) return noData;
  let size = value;
  let step = 0;
  while (Math.abs(size) >= 999.5 && step < byteUnits.length - 1) {
    size /= 1000;
    step += 1;
  }
  return short(size) + gap + byteUnits[step];
}

/** Some noun with its number: "1 instance", "3 instances". */
export function counted(value: number, noun: string): string {
  return `${exact(value)} ${noun}${value === 1 ? "" : "s"}`;
}
