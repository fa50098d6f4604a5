//! What a script threw, as an error for its author. Reading it may run the script's own getters: their faults are left out.

use rquickjs::{Ctx, Error, Object, Value, convert::Coerced};

use super::{Limits, ScriptError};

/// Bytes of a message that are kept.
pub(super) const MESSAGE: usize = 1000;
/// Bytes of a stack that are kept.
const STACK: usize = 4000;

/// The error that `error` stands for.
pub(super) fn thrown(ctx: &Ctx<'_>, error: Error, limits: &Limits) -> ScriptError {
    if !matches!(error, Error::Exception) {
        return ScriptError::runtime("TypeError", cut(&error.to_string(), MESSAGE));
    }
    let thrown = ctx.catch();
    let out_of_memory = ScriptError::OutOfMemory(limits.memory / (1024 * 1024));
    if thrown.is_null() {
        // The engine throws null when there is no room for an error either. That scripts throw null is hardly ever seen.
        return out_of_memory;
    }
    let Some(object) = thrown.as_object() else {
        let message = format!("{} was thrown, which is not an error", text(ctx, &thrown));
        return ScriptError::runtime("Error", cut(&message, MESSAGE));
    };
    let property = |name: &str| property(ctx, object, name);
    let name = property("name").filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "Error".to_owned());
    let message = property("message").unwrap_or_default();
    if name == "InternalError" && message == "out of memory" {
        return out_of_memory;
    }
    ScriptError::Runtime {
        name: cut(&name, 100),
        message: cut(&message, MESSAGE),
        stack: property("stack")
            .map(|stack| cut(stack.trim_end(), STACK))
            .filter(|stack| !stack.is_empty()),
    }
}

/// The message of a `SyntaxError`, with the line it is on.
pub(super) fn syntax(thrown: &Value<'_>) -> Option<String> {
    let object = thrown.as_object()?;
    let property = |name: &str| property(thrown.ctx(), object, name);
    if property("name")? != "SyntaxError" {
        return None;
    }
    let message = property("message").unwrap_or_default();
    let stack = property("stack").unwrap_or_default();
    let place = stack.lines().next().unwrap_or_default().trim();
    let place = place
        .trim_start_matches("at ")
        .trim_start_matches("script:");
    Some(cut(&format!("{message} (line {place})"), MESSAGE))
}

/// The error of a script that was stopped for its time.
pub(super) fn timeout(limits: &Limits) -> ScriptError {
    ScriptError::Timeout(u64::try_from(limits.time.as_millis()).unwrap_or(u64::MAX))
}

/// The first `length` bytes of `text`, or a little less.
pub(super) fn cut(text: &str, length: usize) -> String {
    text.get(..text.floor_char_boundary(length))
        .unwrap_or_default()
        .to_owned()
}

fn property(ctx: &Ctx<'_>, object: &Object<'_>, name: &str) -> Option<String> {
    let found = object.get::<_, Value<'_>>(name);
    if found.is_err() {
        ctx.catch();
    }
    found.ok()?.into_string()?.to_string().ok()
}

fn text(ctx: &Ctx<'_>, value: &Value<'_>) -> String {
    value.get::<Coerced<String>>().map_or_else(
        |_| {
            ctx.catch();
            value.type_name().to_owned()
        },
        |text| text.0,
    )
}
