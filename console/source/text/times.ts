// Lengths of time and moments as people read them.
import { noData } from "./numbers";

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);
const gap = "\u202f";

/** The two greatest units of a length of time: 340 µs, 4.2 ms, 42 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(milliseconds: Maybe): string {
  if (!known(milliseconds)) return noData;
  if (milliseconds < 0) return `−${duration(-milliseconds)}`;
  if (milliseconds === 0) return `0${gap}ms`;
  if (milliseconds < 1) return `${Math.max(1, Math.round(milliseconds * 1000))}${gap}µs`;
  if (milliseconds < 9.95) return `${milliseconds.toFixed(1)}${gap}ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)}${gap}ms`;
  if (milliseconds < 9_950 && milliseconds % 1000 !== 0) return `${(milliseconds / 1000).toFixed(1)}${gap}s`;
  return longDuration(Math.round(milliseconds / 1000));
}

function longDuration(seconds: number): string {
  if (seconds < 60) return `${seconds}${gap}s`;
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60) return twoUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.floor(minutes / 60);
  if (hours < 365 * 24) return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
  return twoUnits(Math.floor(hours / (365 * 24)), "y", Math.floor((hours % (365 * 24)) / 24), "d");
}

function twoUnits(great: number, greatUnit: string, small: number, smallUnit: string): string {
  const rest = small === 0 ? "" : ` ${small}${gap}${smallUnit}`;
  return `${great}${gap}${greatUnit}${rest}`;
}

export const microseconds = (value: Maybe): string => duration(known(value) ? value / 1000 : null);

const two = (value: number) => value.toString().padStart(2, "0");

/** Time of the day in UTC, as event times are written everywhere: 07:31:12. */
export function clock(milliseconds: Maybe): string {
  const date = dateOf(milliseconds);
  if (date === null) return noData;
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

const aDay = 86_400_000;

/** Events of another time: where event time is says more than how far it is behind. */
export const isOfAnotherTime = (lag: Maybe): boolean => known(lag) && Math.abs(lag) >= 2 * aDay;

/** With the milliseconds, where events are told apart: 07:31:12.250. */
export function preciseClock(milliseconds: Maybe): string {
  const date = dateOf(milliseconds);
  if (date === null) return noData;
  return `${clock(milliseconds)}.${date.getUTCMilliseconds().toString().padStart(3, "0")}`;
}

/** Day and time in UTC: 2023-11-14 07:31:12. */
export function moment(milliseconds: Maybe): string {
  const date = dateOf(milliseconds);
  if (date === null) return noData;
  return `${date.toISOString().slice(0, 10)} ${clock(milliseconds)}`;
}

function dateOf(milliseconds: Maybe): Date | null {
  if (!known(milliseconds)) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Time of the day where the reader is, for what happened on the wall clock: checkpoints, the log. */
export function wallClock(milliseconds: Maybe): string {
  const date = dateOf(milliseconds);
  if (date === null) return noData;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
