// Writes the tables of docs/cost.md from prices.json and the template. With --check it writes nothing, and fails when the
// tables are others than these give. --prices FILE takes other prices.

import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({ options: { check: { type: "boolean" }, prices: { type: "string" } } });
const inputs = JSON.parse(await readFile(options.prices ?? new URL("prices.json", import.meta.url), "utf8"));
const template = await readFile(new URL("../../infra/template.yaml", import.meta.url), "utf8");
const document = new URL("../cost.md", import.meta.url);

function price(name) {
  const { usd } = inputs.prices[name] ?? {};
  if (!(usd > 0)) {
    throw new Error(`prices.json has no price ${name}`);
  }
  return usd;
}

const THOUSAND = 1_000;
const MILLION = 1_000_000;
const KILOBYTES_A_GIGABYTE = 1_000_000;

/** What a cost consists of, by its provider's name: dollars for `count` of what `use` says. */
function cognito({ sign_ins_per_user_month }, count) {
  return (count / sign_ins_per_user_month.value) * price("cognito_essentials_user");
}

function lambda(count) {
  const { define, create, verify, send_ms, handshake_ms, starts } = inputs.triggers;
  const all = [
    { ...define, waits_ms: 0, handshakes: 0 },
    { ...create, waits_ms: send_ms.value, handshakes: 2 },
    { ...verify, waits_ms: 0, handshakes: 1 },
  ];
  const each = all.map(({ calls, megabytes, warm_ms, start_ms, waits_ms, handshakes }) => {
    const milliseconds = calls * warm_ms + waits_ms + starts.value * (start_ms + handshakes * handshake_ms.value);
    return calls * price("lambda_request") + (megabytes / 1_024) * (milliseconds / 1_000) * price("lambda_arm64_gb_second");
  });
  return count * each.reduce((sum, cost) => sum + cost, 0);
}

function logs({ log_kilobytes }, count) {
  return ((count * log_kilobytes.value) / KILOBYTES_A_GIGABYTE) * price("logs_gb");
}

const CLOUDFLARE = {
  worker_requests: "worker_request",
  worker_cpu_ms: "worker_cpu_ms",
  worker_log_events: "worker_log_event",
  durable_object_requests: "durable_object_request",
  durable_object_gb_seconds: "durable_object_gb_second",
  durable_object_rows_written: "durable_object_row_written",
  kv_reads: "kv_read",
  analytics_points: "analytics_point",
};

function cloudflare(use, count, pick = ({ value }) => value) {
  const used = Object.entries(CLOUDFLARE).filter(([what]) => what in use);
  return used.reduce((sum, [what, name]) => sum + count * pick(use[what]) * price(name), 0);
}

function dollars(amount) {
  return `$${amount.toFixed(amount < 0.1 ? 3 : 2)}`;
}

function table(header, rows) {
  return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function signIns() {
  const use = inputs.sign_in;
  const rest = [cognito(use, THOUSAND), lambda(THOUSAND), logs(use, THOUSAND), cloudflare(use, THOUSAND)];
  const rows = Object.entries(inputs.sms).map(([country, { usd, sender }]) => {
    const texts = THOUSAND * use.texts.value * usd;
    const total = rest.reduce((sum, part) => sum + part, texts);
    return [country, sender, ...[texts, ...rest, total].map(dollars)];
  });
  return table(["country", "texts from a", "texts", "Cognito", "Lambda", "CloudWatch Logs", "Cloudflare", "**together**"], rows);
}

function securedCalls() {
  const names = { worker_requests: "requests", worker_cpu_ms: "CPU time", worker_log_events: "Workers Logs", kv_reads: "KV reads" };
  const cost = (what, bound) => cloudflare({ [what]: inputs.secured_call[what] }, MILLION, (amount) => amount[bound]);
  const whats = Object.keys(names);
  const rows = whats.map((what) => [names[what], dollars(cost(what, "least")), dollars(cost(what, "most"))]);
  const sum = (bound) => dollars(whats.reduce((total, what) => total + cost(what, bound), 0));
  return table(["", "least", "most"], [...rows, ["**together**", sum("least"), sum("most")]]);
}

function month() {
  const inTemplate = (begin) => template.split("\n").filter((line) => line.trim().startsWith(begin)).length;
  const { metrics, metrics_per_country, countries } = inputs.month;
  const published = metrics.value + metrics_per_country.value * countries.value;
  const lines = [
    ["Workers Paid, for the account", 1, "workers_paid_month"],
    ["the challenge secret", 1, "secret_month"],
    [`metrics, with ${countries.value} countries`, published, "metric_month"],
    // An alarm costs what the metrics that it reads cost; nothing else in the template names any.
    ["metrics that alarms read", inTemplate("MetricName:"), "alarm_month"],
    ["dashboard", inTemplate("Type: AWS::CloudWatch::Dashboard"), "dashboard_month"],
  ];
  const rows = lines.map(([what, count, name]) => [what, count, dollars(count * price(name))]);
  const total = lines.reduce((sum, [, count, name]) => sum + count * price(name), 0);
  return table(["", "how many", "a month"], [...rows, ["**together**", "", dollars(total)]]);
}

function sources() {
  const all = [...Object.entries(inputs.prices), ...Object.entries(inputs.sms).map(([country, sms]) => [`SMS to ${country}`, sms])];
  const rows = all.map(([name, { usd, per = "text", from, dated, source }]) => [
    name.replaceAll("_", " "),
    // No exponents: 3e-7 says nothing to most people.
    usd < 0.0001 ? `$${(usd * MILLION).toFixed(2)} a million` : `$${usd}`,
    per,
    from === "official" ? dated : `**check**: second-hand, ${dated}`,
    source,
  ]);
  return table(["price", "", "for each", "as of", "source"], rows);
}

function assumptions() {
  const groups = { sign_in: "a sign-in", secured_call: "a secured call", month: "a month" };
  const rows = Object.entries(groups).flatMap(([group, name]) =>
    Object.entries(inputs[group]).map(([what, { value, least, most, because }]) => [
      name,
      what.replaceAll("_", " "),
      value ?? (least === most ? least : `${least} to ${most}`),
      because,
    ]),
  );
  const { calls_because, times_because, ...triggers } = inputs.triggers;
  for (const [name, { calls, warm_ms, start_ms, value, because }] of Object.entries(triggers)) {
    if (calls === undefined) {
      rows.push(["a sign-in's triggers", name.replaceAll("_", " "), value, because]);
    } else {
      rows.push([name, "calls", calls, calls_because], [name, "ms warm, ms more at a start", `${warm_ms}, ${start_ms}`, times_because]);
    }
  }
  return table(["of", "what", "", "because"], rows);
}

const TABLES = { "sign-ins": signIns, "secured-calls": securedCalls, month, sources, assumptions };

const committed = await readFile(document, "utf8");
let written = committed;
for (const [name, make] of Object.entries(TABLES)) {
  const [begin, end] = [`<!-- table: ${name} -->\n`, `\n<!-- end of table: ${name} -->`];
  const [from, to] = [written.indexOf(begin), written.indexOf(end)];
  if (from < 0 || to < 0) {
    throw new Error(`docs/cost.md has no place for the table ${name}`);
  }
  written = written.slice(0, from + begin.length) + make() + written.slice(to);
}

if (!options.check) {
  await writeFile(document, written);
} else if (written !== committed) {
  console.error("the tables of docs/cost.md are not what docs/cost/prices.json gives: run `node docs/cost/table.mjs`");
  process.exitCode = 1;
}
