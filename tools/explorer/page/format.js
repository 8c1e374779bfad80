// Figures as people read them: always with their unit, always in the same form.

const whole = new Intl.NumberFormat("en");

export const count = (x) => whole.format(x);
/// "1 block", "2,000 blocks".
export const counted = (x, noun) => `${count(x)} ${noun}${Number(x) === 1 ? "" : "s"}`;

const rounded = (x, digits) =>
  x.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/// A length of time given in milliseconds: "0.8 ms", "158 ms", "3.2 s", "4 min 10 s", "2 h 5 min".
export function duration(ms) {
  if (ms < 10) return `${rounded(ms, 1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${rounded(ms / 1_000, 1)} s`;
  const s = Math.floor(ms / 1_000);
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}
export const microseconds = (us) => (us === null || us === undefined ? "–" : duration(us / 1_000));

/// How long ago, in its largest unit; clocks that differ a little never show the future.
export function age(at_ms, now_ms) {
  const s = Math.max(0, Math.floor((now_ms - at_ms) / 1_000));
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min`;
  return s < 86_400 ? `${Math.floor(s / 3_600)} h` : `${Math.floor(s / 86_400)} d`;
}

export const clock_time = (ms) => new Date(ms).toISOString().replace("T", " ").replace("Z", " UTC");

export function rate(per_second) {
  return per_second === null ? "–" : `${rounded(per_second, per_second < 10 ? 1 : 0)}/s`;
}

export function bytes(x) {
  if (x < 1_024) return `${x} B`;
  if (x < 1_048_576) return `${rounded(x / 1_024, 1)} KiB`;
  return `${rounded(x / 1_048_576, 1)} MiB`;
}

/// Units of 10^-18 DG, a decimal string: four decimals of DG, never rounded up; what is less than
/// that in nDG (10^-9 DG).
export function dg(units) {
  if (units === null || units === undefined) return "–";
  const x = BigInt(units);
  const [unit, one, decimals] = x === 0n || x >= 10n ** 14n ? ["DG", 10n ** 18n, 4] : ["nDG", 10n ** 9n, 2];
  if (x !== 0n && x < 10n ** 7n) return "< 0.01 nDG";
  const part = ((x % one) / (one / 10n ** BigInt(decimals))).toString().padStart(decimals, "0");
  return `${whole.format(x / one)}.${part} ${unit}`;
}
/// Every digit, for titles.
export function dg_exact(units) {
  const x = BigInt(units);
  const part = (x % 10n ** 18n).toString().padStart(18, "0").replace(/0+$/, "");
  return `${whole.format(x / 10n ** 18n)}${part ? `.${part}` : ""} DG`;
}
/// Fees are in 10^-9 DG.
export const nano_dg = (x) => dg((BigInt(x) * 10n ** 9n).toString());
/// Prices are in 10^-9 DG per 1,000 units of work.
export const price = (nano) => `${count(nano)} nDG per 1,000 units`;

export const short_hex = (x) => (x ? `${x.slice(0, 12)}…` : "–");
export const short_address = (x) => (x ? `${x.slice(0, 10)}…${x.slice(-4)}` : "–");
/// Names of the API as words: "wrong_result" is "wrong result".
export const words = (x) => x.replaceAll("_", " ");
export const sentence_case = (x) => x.charAt(0).toUpperCase() + x.slice(1);
