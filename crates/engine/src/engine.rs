//! The engine: opens on a configuration, takes one event, gives one action.

use crate::admin::Traces;
use crate::config::{Config, Host, Idp};
use crate::resume::{Resumed, Resumption, Step, Then};
use crate::routes::Route;
use crate::settings::{Problem, Settings};
use crate::state::{IdpState, State, StateCell};
use crate::turn::Turn;
use crate::wire::action::{Action, Effect, Level, LogLine};
use crate::wire::event::{Answer, Event, Request};
use crate::{addon, admin, configure, consume, health, keys, logout, pages, refresh, signon, sp_metadata};
use jiff::Timestamp;
use ostiary_codes::Code;
use rand_core::CryptoRng;
use serde_json::{Value, json};
use std::sync::Mutex;

/// One engine: a checked configuration, its keys, and nothing about any visitor.
pub struct Engine {
    /// What never changes while the engine lives.
    pub(crate) settings: Settings,
    /// What does: our keys once they are made, the identity provider once its metadata is fetched.
    pub(crate) state: StateCell,
    /// Seals what waits for an answer of the host.
    pub(crate) resumption: Resumption,
    /// Held while our own keys are made, so that they are made once.
    pub(crate) making_keys: Mutex<()>,
    /// Who may fetch metadata, and when.
    pub(crate) lease: refresh::Lease,
    /// The host, where it is an add-on.
    pub(crate) host: Option<Host>,
    /// Why what an add-on stored cannot be used. Then `settings` are those of nobody, and `state` is what could be read.
    pub(crate) broken: Vec<Problem>,
    /// What happened lately.
    pub(crate) traces: Traces,
}

/// What came of [`Engine::open`].
pub struct Opened {
    /// The engine; absent when the configuration cannot be used.
    pub engine: Option<Engine>,
    /// The answer for the host as in `docs/wire.md`, without `handle`.
    pub answer: Value,
}

impl Engine {
    /// Reads and checks a configuration (JSON).
    pub fn open(config_json: &[u8], now: Timestamp, rng: &mut dyn CryptoRng) -> Opened {
        let (mut config, mut broken) = match Config::from_json(config_json) {
            Ok(config) => (config, Vec::new()),
            Err(error) => match addon::read_leniently(config_json, &error) {
                Some(read) => read,
                None => return unreadable(&error),
            },
        };
        let Some(host) = config.host.take() else {
            return match Settings::check(&config) {
                Ok(settings) => Self::with(config, settings, None, Vec::new(), now, rng),
                Err(problems) => invalid(&problems),
            };
        };
        broken.extend(addon::moved(&config, &host));
        let checked = match Settings::check(&addon::effective(&config, &host)) {
            Ok(settings) if broken.is_empty() => Some(settings),
            Ok(_) => addon::settings_of_nobody(&host),
            Err(problems) => {
                broken.extend(problems);
                addon::settings_of_nobody(&host)
            }
        };
        match checked {
            Some(settings) => Self::with(config, settings, Some(host), broken, now, rng),
            None => invalid(&broken),
        }
    }

    fn with(
        config: Config,
        settings: Settings,
        host: Option<Host>,
        broken: Vec<Problem>,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Opened {
        let now = settings.test.now(now);
        let (mut state, mut problems) = State::read(config, &settings, now);
        if !broken.is_empty() {
            state.idp = IdpState::default();
            problems.clone_from(&broken);
        }
        let engine = Self {
            resumption: Resumption::new(&settings.entity_id, rng),
            making_keys: Mutex::default(),
            lease: refresh::Lease::default(),
            state: StateCell::new(state),
            settings,
            host,
            broken,
            traces: Traces::default(),
        };
        let state = engine.state.get();
        let mut answer = json!({
            "armed": state.idp.validator.is_some(),
            "routes": engine.settings.routes.to_json(),
            "problems": problems,
            "log": opening_log(&engine, &state, &problems),
        });
        if engine.host.is_some()
            && let Some(fields) = answer.as_object_mut()
        {
            let button = &state.config.addon.login_button;
            fields.insert("addon".to_owned(), json!({ "login_button": button }));
        }
        Opened { engine: Some(engine), answer }
    }

    /// Why nobody can sign in; to be asked only while that is so.
    pub(crate) fn unarmed(&self, state: &State) -> Code {
        if !self.broken.is_empty() {
            Code::ConfigInvalid
        } else if state.config.idp == Idp::default() {
            Code::NotConfigured
        } else {
            Code::NoSigningKey
        }
    }

    /// Whether the configuration allows plain http on loopback.
    #[must_use]
    pub fn is_in_development(&self) -> bool {
        self.settings.development
    }

    /// Takes one event (JSON) and gives one action (JSON).
    pub fn handle(&self, event_json: &[u8], now: Timestamp, rng: &mut dyn CryptoRng) -> Vec<u8> {
        let mut turn = Turn::new(self, self.settings.test.now(now), rng);
        let effect = match serde_json::from_slice(event_json) {
            Ok(event) => dispatch(&mut turn, event),
            Err(error) => {
                let place = format!("line {}, column {}", error.line(), error.column());
                turn.refuse(Code::EventUnreadable, &place)
            }
        };
        let effect = self.settings.test.to_host(effect, now);
        write(turn.finish(effect))
    }
}

fn dispatch(turn: &mut Turn<'_>, event: Event) -> Effect {
    match event {
        Event::Request(request) => request_with_keys(turn, request),
        Event::Answer(answer) => resume(turn, &answer),
        Event::CheckConfig(check) => configure::check_config(turn, &check),
        Event::Configure(configure) => configure::configure(turn, &configure),
        Event::Admin(event) => admin::event(turn, &event),
        Event::Tick(_) if !turn.engine.broken.is_empty() => Effect::Pass,
        Event::Tick(_) => match keys::save_new(turn, Then::Tick) {
            Some(ask) => ask,
            None => refresh::tick(turn),
        },
        Event::Logout(event) => {
            let _made = keys::make_missing(turn);
            logout::host_wants(turn, &event)
        }
    }
}

/// Before the first request is answered, missing keys are made, and kept by the host.
fn request_with_keys(turn: &mut Turn<'_>, request: Box<Request>) -> Effect {
    if keys::make_missing(turn)
        && let Some(ask) = keys::save_new(turn, Then::Request(request.clone()))
    {
        return ask;
    }
    answer_request(turn, request)
}

fn answer_request(turn: &mut Turn<'_>, request: Box<Request>) -> Effect {
    let route = turn.engine.settings.routes.find(&request.path);
    if !turn.engine.broken.is_empty() && !matches!(route, Route::Health | Route::Other) {
        return turn.refuse(Code::ConfigInvalid, "what is stored cannot be used");
    }
    if route == Route::SignOn
        && let Some(ask) = refresh::first(turn, &request)
    {
        return ask;
    }
    match route {
        Route::SignOn => signon::at_sign_on_url(turn, request),
        Route::Return => signon::at_return_url(turn, &request),
        Route::Logout => logout::request(turn, request),
        Route::Metadata => sp_metadata::get(turn, &request),
        Route::Health => health::get(turn, &request),
        Route::Other => signon::at_any_path(turn, &request),
    }
}

fn resume(turn: &mut Turn<'_>, answer: &Answer) -> Effect {
    let Some(Resumed { step, correlation }) = turn.engine.resumption.open(&answer.resume, turn.now) else {
        return turn.refuse(Code::ResumeInvalid, "the token is not of this engine, too old, or was used");
    };
    turn.correlation = correlation;
    match step {
        Step::Saved { then, revision, changes } => keys::saved(turn, then, revision, changes, &answer.result),
        Step::SignIn(step) => consume::resume(turn, step, &answer.result),
        Step::Refresh(step) => refresh::resume(turn, step, &answer.result),
        Step::Configure(step) => configure::resume(turn, step, &answer.result),
        Step::Logout(step) => logout::resume(turn, step, &answer.result),
        Step::Admin(step) => admin::resume(turn, *step, &answer.result),
    }
}

/// Goes on with what a question to the host had interrupted.
pub(crate) fn go_on(turn: &mut Turn<'_>, then: Then) -> Effect {
    match then {
        Then::Pass => Effect::Pass,
        Then::Tick => refresh::tick(turn),
        Then::Request(request) => answer_request(turn, request),
        Then::Consume(request) => consume::with_fresh_keys(turn, &request),
    }
}

fn write(action: Action) -> Vec<u8> {
    serde_json::to_vec(&action).unwrap_or_else(|_| {
        // Actions are plain structures with text keys: this cannot happen, and must not be silent if it does.
        json!({"action": "respond", "status": 500, "headers": [], "cookies": [], "body": "", "code": Code::Internal.as_str()})
            .to_string()
            .into_bytes()
    })
}

fn unreadable(error: &serde_json::Error) -> Opened {
    let problem = Problem::new("", error.to_string());
    refused(Code::ConfigUnreadable, &[problem])
}

fn invalid(problems: &[Problem]) -> Opened {
    refused(Code::ConfigInvalid, problems)
}

fn refused(code: Code, problems: &[Problem]) -> Opened {
    let text: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let line = LogLine { level: Level::Error, code, text: text.join("; "), correlation: None };
    let answer = json!({
        "armed": false,
        "routes": {"own": [], "protect": true, "open": [], "max_form_bytes": 0},
        "problems": problems,
        "log": [line],
    });
    Opened { engine: None, answer }
}

fn opening_log(engine: &Engine, state: &State, problems: &[Problem]) -> Vec<LogLine> {
    let line = |level, code: Code, text: String| LogLine { level, code, text, correlation: None };
    let mut log: Vec<LogLine> = problems.iter().map(|p| line(Level::Warn, p.code, p.to_string())).collect();
    if state.idp.validator.is_none() {
        let code = engine.unarmed(state);
        log.push(line(Level::Warn, code, code.admin().to_owned()));
    }
    if engine.settings.development {
        log.push(line(Level::Warn, Code::DevelopmentMode, Code::DevelopmentMode.admin().to_owned()));
    }
    log.extend(engine.settings.test.warning());
    log
}

/// A page that says only the code and the reference.
pub(crate) fn error_page(turn: &mut Turn<'_>, code: Code) -> Effect {
    Effect::Respond(pages::error(turn, code))
}
