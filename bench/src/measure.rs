//! One measurement: a process of its own, started, asked, measured and ended, while no other server runs.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde::Serialize;

use crate::answers::{self, Meaning};
use crate::drive::{self, CONNECTIONS, Until, drive};
use crate::http::Connection;
use crate::load::{Ask, Load};
use crate::plan::{Bundle, Plan};
use crate::process;
use crate::server::Server;
use crate::statistics::percentile;
use crate::tokens::Tokens;

/// Long enough for V8 to compile what is used often.
const WARM_UP: Duration = Duration::from_secs(1);
/// With fewer answers than these a measurement says nothing.
const FEWEST: usize = 200;

/// What the process was asked first, right after its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum First {
    Health,
    Secured,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Measurement {
    pub(crate) requests: usize,
    pub(crate) seconds: f64,
    pub(crate) requests_per_second: f64,
    pub(crate) p50_us: u32,
    pub(crate) p99_us: u32,
    pub(crate) cpu_us_per_request: f64,
    /// The load generator's own: that it was not the bottleneck shows here.
    pub(crate) generator_cpu_us_per_request: f64,
    /// What all else on the machine used meanwhile, in processors: numbers are good when this is near zero.
    pub(crate) other_work: f64,
    pub(crate) resident_kib: f64,
    pub(crate) peak_kib: f64,
    pub(crate) first_asked: First,
    pub(crate) first_answer_ms: f64,
}

/// What all measurements of a run share.
#[derive(Debug)]
pub(crate) struct Stage<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) tokens: &'a Tokens,
    pub(crate) settings: &'a [(&'static str, String)],
}

impl Stage<'_> {
    /// Measures one server under one load. The process is new, so every token is new to it, whatever other processes
    /// were asked; the supply hands out each `new` token once, in the warm-up or in what is measured.
    pub(crate) fn measure(&self, bundle: &Bundle, load: Load) -> Result<(Measurement, Meaning)> {
        let mut server = Server::start(self.plan, bundle, self.settings)?;
        let result = self.measure_server(&mut server, load);
        // That it died is the cause; that it did not answer is the symptom.
        server.must_run()?;
        result.with_context(|| format!("{}, load {}{}", bundle.name, load.name(), server.log_tail()))
    }

    fn measure_server(&self, server: &mut Server, load: Load) -> Result<(Measurement, Meaning)> {
        // Starts are measured on the way, half of them by each endpoint.
        let first_asked = match load {
            Load::New | Load::Turn | Load::One => First::Secured,
            Load::Invalid | Load::Expired | Load::Health => First::Health,
        };
        let mut connection = server.first_connection()?;
        ask_once(
            &mut connection,
            match first_asked {
                First::Health => Ask::Health,
                First::Secured => Ask::Secured(&self.tokens.first),
            },
        )?;
        let first_answer = server.age();
        // From here on every server has its keys, before several requests at once could ask for them.
        ask_once(&mut connection, Ask::Secured(&self.tokens.first))?;

        let supply = load.supply(self.tokens);
        let meaning = {
            let ask = supply.next().context("there are no tokens")?;
            let mut request = Vec::new();
            ask.write(&mut request);
            let answer = connection.exchange(&request)?;
            answers::check(&answer, ask, load.status())?;
            answers::meaning(load, &answer)?
        };

        let mut connections = (0..CONNECTIONS).map(|_| server.connect()).collect::<Result<Vec<_>>>()?;
        let warm_up = Until {
            time: WARM_UP,
            requests: load.warm_up_requests(),
        };
        drive(&mut connections, &supply, warm_up)?;

        let before = Times::look(server)?;
        let until = Until {
            time: Duration::try_from_secs_f64(self.plan.seconds)?,
            requests: 0,
        };
        let run = drive(&mut connections, &supply, until)?;
        let times = Times::look(server)?.since(before);
        let memory = server.memory()?;
        Ok((summarize(&run, times, memory, first_asked, first_answer)?, meaning))
    }
}

/// Processor times in microseconds.
#[derive(Debug, Clone, Copy)]
struct Times {
    server: f64,
    generator: f64,
    machine: f64,
}

impl Times {
    fn look(server: &Server) -> Result<Self> {
        Ok(Self {
            server: server.cpu_time()?,
            generator: process::cpu_time(std::process::id())?,
            machine: process::machine_time()?,
        })
    }

    fn since(self, before: Self) -> Self {
        Self {
            server: self.server - before.server,
            generator: self.generator - before.generator,
            machine: self.machine - before.machine,
        }
    }
}

fn ask_once(connection: &mut Connection, ask: Ask<'_>) -> Result<()> {
    let mut request = Vec::new();
    ask.write(&mut request);
    answers::check(&connection.exchange(&request)?, ask, 200).context("right after the start")
}

fn summarize(
    run: &drive::Run,
    times: Times,
    memory: process::Memory,
    first_asked: First,
    first_answer: Duration,
) -> Result<Measurement> {
    let requests = run.latencies.len();
    if requests < FEWEST {
        bail!("only {requests} answers: measure longer (--seconds), or there are too few tokens");
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = requests as f64;
    let seconds = run.took.as_secs_f64();
    Ok(Measurement {
        requests,
        seconds,
        requests_per_second: count / seconds,
        p50_us: percentile(&run.latencies, 0.5),
        p99_us: percentile(&run.latencies, 0.99),
        cpu_us_per_request: times.server / count,
        generator_cpu_us_per_request: times.generator / count,
        // The kernel counts a machine's time less exactly than a process's, so this can come out just below zero.
        other_work: ((times.machine - times.server - times.generator) / (seconds * 1e6)).max(0.0),
        resident_kib: memory.resident,
        peak_kib: memory.peak,
        first_asked,
        first_answer_ms: first_answer.as_secs_f64() * 1_000.0,
    })
}
