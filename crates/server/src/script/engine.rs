//! One run of one script in an engine of its own, on the calling thread.
//!
//! The time limit holds for everything but a few native loops of QuickJS: [`super::worker`] bounds those.

use std::{cell::RefCell, rc::Rc};

use rquickjs::{
    Context, Ctx, Error, Exception, Function, Object, Runtime, Value,
    context::EvalOptions,
    function::{Opt, This},
    promise::PromiseState,
};

use super::{Job, Limits, Outcome, RESULT_LIMIT, ScriptError, report};
use crate::clock::Deadline;

/// What is said when a script denies access without a word.
const DENIED: &str = "Access denied";

/// Scripts written for other servers log; here nobody listens.
const PRELUDE: &str = "globalThis.console = Object.fromEntries(\
    ['log', 'debug', 'info', 'warn', 'error', 'trace'].map((name) => [name, () => {}]));";

/// The message of the first `denyAccess`. It stands even when the script catches what `denyAccess` throws.
type Denial = Rc<RefCell<Option<String>>>;

/// What a script did not finish for.
enum Stop {
    /// It threw, and the engine still holds what.
    Threw(Error),
    /// Something else.
    Because(ScriptError),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Threw(error)
    }
}

/// Runs `job` within `limits`.
pub fn run(job: &Job, limits: &Limits) -> Outcome {
    let broken = |error: Error| ScriptError::Broken(error.to_string());
    let deadline = Deadline::after(limits.time);
    let runtime = Runtime::new().map_err(broken)?;
    runtime.set_memory_limit(limits.memory);
    runtime.set_max_stack_size(limits.stack);
    runtime.set_interrupt_handler(Some(Box::new(move || deadline.has_passed())));
    let context = Context::full(&runtime).map_err(broken)?;
    let denial = Denial::default();
    let outcome = context.with(|ctx| {
        execute(&ctx, job, &denial, deadline).map_err(|stop| match stop {
            Stop::Because(error) => error,
            Stop::Threw(error) => report::thrown(&ctx, error, limits),
        })
    });
    match denial.take() {
        Some(message) => Err(ScriptError::Denied(message)),
        None if outcome.is_err() && deadline.has_passed() => Err(report::timeout(limits)),
        None => outcome,
    }
}

fn execute<'js>(
    ctx: &Ctx<'js>,
    job: &Job,
    denial: &Denial,
    deadline: Deadline,
) -> Result<Option<serde_json::Value>, Stop> {
    eval::<()>(ctx, PRELUDE)?;
    declare(ctx, &job.source)?;
    let function = function(ctx, &job.function)?;
    let argument = ctx.json_parse(job.argument.to_string())?;
    if job.can_deny
        && let Some(object) = argument.as_object()
    {
        object.set("api", api(ctx, denial)?)?;
    }
    let returned: Value<'js> =
        function.call((This(Value::new_undefined(ctx.clone())), argument))?;
    let settled = settle(ctx, returned, deadline)?;
    let Some(json) = ctx.json_stringify(settled)? else {
        return Ok(None);
    };
    read(&json.to_string()?).map_err(Stop::Because)
}

/// Evaluates in the way of a `<script>`: not strict, and `const` declarations are seen by the next one.
fn eval<'js, V: rquickjs::FromJs<'js>>(ctx: &Ctx<'js>, source: &str) -> rquickjs::Result<V> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some("script".to_owned());
    ctx.eval_with_options(source, options)
}

fn declare(ctx: &Ctx<'_>, source: &str) -> Result<(), Stop> {
    match eval::<Value<'_>>(ctx, source) {
        Ok(_) => Ok(()),
        Err(Error::Exception) => {
            let thrown = ctx.catch();
            let syntax = report::syntax(&thrown);
            Err(syntax.map_or_else(
                || Stop::Threw(ctx.throw(thrown)),
                |message| Stop::Because(ScriptError::Syntax(message)),
            ))
        }
        // The only other way to fail is a NUL in the text.
        Err(error) => Err(Stop::Because(ScriptError::Syntax(error.to_string()))),
    }
}

fn function<'js>(ctx: &Ctx<'js>, name: &str) -> Result<Function<'js>, Stop> {
    let found: Value<'js> = eval(
        ctx,
        &format!("typeof {name} === 'function' ? {name} : undefined"),
    )?;
    let missing = || {
        let message = format!("the script does not declare a function {name}");
        Stop::Because(ScriptError::runtime("TypeError", message))
    };
    found.into_function().ok_or_else(missing)
}

fn api<'js>(ctx: &Ctx<'js>, denial: &Denial) -> rquickjs::Result<Object<'js>> {
    let denial = denial.clone();
    let deny = move |ctx: Ctx<'js>, message: Opt<Value<'js>>| -> rquickjs::Result<()> {
        let said = message.0.and_then(Value::into_string);
        let said = said.and_then(|text| text.to_string().ok());
        let message = said.unwrap_or_else(|| DENIED.to_owned());
        denial
            .borrow_mut()
            .get_or_insert_with(|| report::cut(&message, report::MESSAGE));
        Err(Exception::throw_message(&ctx, &message))
    };
    let api = Object::new(ctx.clone())?;
    api.set("denyAccess", Function::new(ctx.clone(), deny)?)?;
    Ok(api)
}

/// Waits for a promise by doing everything that is queued; anything else is its own result.
fn settle<'js>(
    ctx: &Ctx<'js>,
    returned: Value<'js>,
    deadline: Deadline,
) -> Result<Value<'js>, Stop> {
    let (promise, resolve, _) = ctx.promise()?;
    resolve.call::<_, ()>((returned,))?;
    while promise.state() == PromiseState::Pending {
        if deadline.has_passed() {
            return Err(Stop::Threw(Error::Exception));
        }
        if !ctx.execute_pending_job() {
            let message = "the function returned a promise that nothing will ever settle";
            return Err(Stop::Because(ScriptError::runtime("Error", message)));
        }
    }
    Ok(promise.finish()?)
}

fn read(json: &str) -> Outcome {
    if json.len() > RESULT_LIMIT {
        let message = format!("the result is longer than {RESULT_LIMIT} bytes of JSON");
        return Err(ScriptError::runtime("RangeError", message));
    }
    serde_json::from_str(json).map(Some).map_err(|error| {
        ScriptError::runtime(
            "TypeError",
            format!("the result is not plain JSON: {error}"),
        )
    })
}
