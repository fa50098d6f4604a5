//! What a script may try: everything ends, nothing breaks, nothing is told.

use serde_json::json;
use server::script::ScriptError;

use super::{body, job, scripts};

/// Each of these would run for hours.
const ENDLESS: &[(&str, &str)] = &[
    ("a loop", "for (;;) {}"),
    (
        "a loop that catches what stops it",
        "for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }",
    ),
    (
        "a chain of promises",
        "const again = () => Promise.resolve().then(again); await again()",
    ),
    ("awaiting in a loop", "for (;;) await null"),
    (
        "a thenable that never calls back but runs",
        "return { then() { for (;;) {} } }",
    ),
    (
        "an endless generator",
        "function* g() { for (;;) yield 1 } for (const y of g()) ;",
    ),
    (
        "a regular expression with catastrophic backtracking",
        "return { r: /^(a+)+$/.test('a'.repeat(40) + 'b') }",
    ),
    (
        "one with lookahead",
        "return { r: /^(?=(a|aa)+$)(a|a?)+$/.test('a'.repeat(60) + '!') }",
    ),
    (
        "a getter of the result",
        "return { get a() { for (;;) {} } }",
    ),
    (
        "toJSON of the result",
        "return { toJSON() { for (;;) {} } }",
    ),
    (
        "a proxy as the result",
        "return new Proxy({}, { ownKeys() { for (;;) {} } })",
    ),
    (
        "a getter of what is thrown",
        "throw { get name() { for (;;) {} } }",
    ),
    (
        "a comparison",
        "return [3, 2, 1].sort(() => { for (;;) {} })",
    ),
    ("code made from text", "new Function('for (;;) {}')()"),
    // The engine's own loops, of which several do not ask whether time is up.
    (
        "indexOf over a long nothing",
        "return [[].indexOf.call({ length: 2 ** 53 - 1 }, 1)]",
    ),
    (
        "includes over a sparse array",
        "const a = []; a.length = 2 ** 32 - 1; for (;;) a.includes(1)",
    ),
    (
        "forEach over a long nothing",
        "[].forEach.call({ length: 2 ** 53 - 1 }, () => {})",
    ),
    (
        "join of nothing with nothing",
        "return [].join.call({ length: 2 ** 53 - 1 }, '')",
    ),
    (
        "reverse of a long nothing",
        "return [].reverse.call({ length: 2 ** 53 - 1 })",
    ),
    (
        "fill that a proxy swallows",
        "[].fill.call(new Proxy({ length: 2 ** 53 - 1 }, { set: Array.isArray.bind(null, []), has: Reflect.has }), 1)",
    ),
    (
        "copyWithin of a long nothing",
        "[].copyWithin.call({ length: 2 ** 53 - 1 }, 0, 5)",
    ),
    (
        "sorting a long nothing",
        "[].sort.call({ length: 2 ** 53 - 1 })",
    ),
    (
        "a set of a long nothing",
        "return new Set([].values.call({ length: 2 ** 53 - 1 })).size",
    ),
    (
        "dropping from an iterator",
        "return [].values.call({ length: 2 ** 53 - 1 }).drop(2 ** 52).next()",
    ),
    (
        "searching a text for a text",
        "const a = 'a'.repeat(2 ** 22); for (;;) a.lastIndexOf(a.slice(0, 2 ** 21) + 'b')",
    ),
    (
        "splitting a text",
        "const a = 'a'.repeat(2 ** 22); for (;;) a.split(a.slice(0, 2 ** 21) + 'b')",
    ),
    ("big numbers", "const a = 3n ** 300000n; for (;;) a * a"),
    (
        "writing a big number",
        "const a = 3n ** 600000n; for (;;) a.toString()",
    ),
    ("freezing", "for (;;) Object.freeze(new Uint8Array(0))"),
];

#[tokio::test]
async fn t46_what_does_not_end_is_stopped_and_the_worker_goes_on() {
    let scripts = scripts(2, 400);
    let mut runs = Vec::new();
    for (what, body) in ENDLESS {
        let source = format!("async function f(x) {{ {body} }}");
        let scripts = &scripts;
        runs.push(async move { (*what, attempt(scripts, &source).await) });
    }
    // As many at once as the line and its patience allow.
    let mut wrong = Vec::new();
    while !runs.is_empty() {
        let some: Vec<_> = runs.drain(..runs.len().min(2)).collect();
        for (what, outcome) in futures_util::future::join_all(some).await {
            if !matches!(outcome, Err(ScriptError::Timeout(400))) {
                wrong.push(format!("{what}: {outcome:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let after = attempt(&scripts, "f = () => ({ a: 1 })").await;
    assert_eq!(after, Ok(Some(json!({ "a": 1 }))));
}

async fn attempt(scripts: &server::script::Scripts, source: &str) -> server::script::Outcome {
    scripts.run(job(source, json!({}))).await
}

/// Each of these wants more memory than there is.
const GREEDY: &[(&str, &str)] = &[
    ("a text that doubles", "let a = 'ab'; for (;;) a += a"),
    (
        "many texts",
        "const a = []; for (let i = 0; ; i++) a.push('a'.repeat(2 ** 20) + i)",
    ),
    (
        "a growing array",
        "const a = []; for (;;) a.push([1, 2, 3])",
    ),
    ("a repeated text", "return ['ab'.repeat(2 ** 28)]"),
    ("a padded text", "return ['ab'.padStart(2 ** 29, 'xyz')]"),
    ("a long array, filled", "return new Array(2 ** 28).fill(1)"),
    ("a buffer", "return [new ArrayBuffer(2 ** 30).byteLength]"),
    (
        "many buffers",
        "const a = []; for (;;) a.push(new Uint8Array(2 ** 20))",
    ),
    (
        "long JSON",
        "return [JSON.parse('[' + '1,'.repeat(2 ** 23) + '1]').length]",
    ),
    (
        "a big number",
        "let a = 1n; for (const all = []; ; all.push(a)) a = (a << 1000n) + 7n",
    ),
    (
        "a map",
        "const a = new Map(); for (let i = 0; ; i++) a.set(i, {})",
    ),
    (
        "many symbols",
        "const a = {}; for (let i = 0; ; i++) a[Symbol.for('s' + i)] = i",
    ),
    (
        "promises",
        "const all = []; for (;;) all.push(new Promise(() => {}))",
    ),
    (
        "a long result",
        "return { toJSON: () => Array.from({ length: 2 ** 24 }, (_, i) => i) }",
    ),
];

#[tokio::test]
async fn t46_what_wants_too_much_memory_is_refused_it() {
    for (what, text) in GREEDY {
        let outcome = body(text).await;
        let is_bounded = match &outcome {
            Err(ScriptError::OutOfMemory(64)) => true,
            // Some are refused before they begin.
            Err(ScriptError::Runtime { name, message, .. }) => {
                name == "RangeError" || message == "string too long"
            }
            _ => false,
        };
        assert!(is_bounded, "{what}: {outcome:?}");
    }
}

#[tokio::test]
async fn t46_deep_calls_and_deep_data_are_errors() {
    for (what, text) in [
        ("calls", "const g = () => g() + 1; return g()"),
        (
            "getters",
            "const o = { get a() { return this.a } }; return o.a",
        ),
        (
            "proxies",
            "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return [p.x]",
        ),
        (
            "a deep result",
            "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a",
        ),
        (
            "a result a little too deep",
            "let a = []; for (let i = 0; i < 200; i++) a = [a]; return a",
        ),
        (
            "deep JSON",
            "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))",
        ),
        (
            "deep text",
            "return eval('('.repeat(1e5) + '1' + ')'.repeat(1e5))",
        ),
        (
            "a deep pattern",
            "return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')",
        ),
        (
            "a result that contains itself",
            "const a = []; a.push(a); return a",
        ),
        (
            "a result that is too long",
            "return { a: 'a'.repeat(70000) }",
        ),
        (
            "calls through the engine",
            "const g = (n) => Reflect.apply(g, null, [n + 1]); return g(0)",
        ),
    ] {
        let outcome = body(text).await;
        assert!(
            matches!(outcome, Err(ScriptError::Runtime { .. })),
            "{what}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn deep_data_that_is_thrown_away_harms_nobody() {
    let text =
        "let a = {}; for (let i = 0; i < 300000; i++) a = { a }; a = null; return { done: true }";
    assert_eq!(body(text).await, Ok(Some(json!({ "done": true }))));
}

#[tokio::test]
async fn t46_there_is_no_file_no_network_no_environment_and_no_other_module() {
    for name in [
        "fetch",
        "require",
        "process",
        "std",
        "os",
        "Deno",
        "XMLHttpRequest",
        "WebSocket",
        "setTimeout",
        "Worker",
        "print",
        "scriptArgs",
        "read",
        "load",
        "gc",
        "bjson",
    ] {
        let found = body(&format!("return {{ type: typeof {name} }}")).await;
        assert_eq!(found, Ok(Some(json!({ "type": "undefined" }))), "{name}");
    }
    for module in [
        "std",
        "os",
        "/etc/passwd",
        "./a.js",
        "node:fs",
        "https://example.com/a.js",
    ] {
        let text = format!("return await import('{module}')");
        let outcome = body(&text).await;
        assert!(
            matches!(outcome, Err(ScriptError::Runtime { .. })),
            "{module}: {outcome:?}"
        );
    }
    let waits = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)";
    assert!(matches!(
        body(waits).await,
        Err(ScriptError::Runtime { .. })
    ));
}

#[tokio::test]
async fn t46_nothing_passes_from_one_run_to_the_next() {
    let scripts = scripts(1, 20_000);
    let spoil = "globalThis.seen = 1; Object.prototype.seen = 1; Array.prototype.map = null; JSON.parse = null; \
        Promise.prototype.then = null; Object.defineProperty(globalThis, 'f', { value: () => ({}), writable: false })";
    attempt(&scripts, spoil).await.unwrap();
    let look = "f = () => ({ global: typeof seen, prototype: typeof ({}).seen, map: typeof [].map, parse: typeof JSON.parse })";
    let expected = json!({ "global": "undefined", "prototype": "undefined", "map": "function", "parse": "function" });
    assert_eq!(attempt(&scripts, look).await, Ok(Some(expected)));
}

#[tokio::test]
async fn a_spoilt_engine_does_not_forge_or_escape() {
    for (what, source, expected) in [
        (
            "toJSON on every object",
            "Object.prototype.toJSON = () => 1; f = () => ({})",
            Ok(Some(json!(1))),
        ),
        (
            "another JSON",
            "JSON.stringify = () => 'x'; globalThis.JSON = null; f = (x) => ({ x })",
            Ok(Some(json!({ "x": { "api": {} } }))),
        ),
        (
            "another Promise",
            "globalThis.Promise = null; f = async () => ({ a: 1 })",
            Ok(Some(json!({ "a": 1 }))),
        ),
        (
            "a caught denial",
            "f = ({ api }) => { try { api.denyAccess('no') } catch {} return { a: 1 } }",
            Err(ScriptError::Denied("no".to_owned())),
        ),
        (
            "a denial in a promise that nobody awaits",
            "f = ({ api }) => { (async () => api.denyAccess('no'))(); return { a: 1 } }",
            Err(ScriptError::Denied("no".to_owned())),
        ),
        (
            "a denial without words",
            "f = ({ api }) => api.denyAccess({ toString() { for (;;) {} } })",
            Err(ScriptError::Denied("Access denied".to_owned())),
        ),
    ] {
        assert_eq!(super::run(source, json!({})).await, expected, "{what}");
    }
    // An error with a well-known name is an error of the script.
    let forged = "const e = new Error('no'); e.name = 'AccessDenied'; throw e";
    assert!(matches!(
        body(forged).await,
        Err(ScriptError::Runtime { .. })
    ));
}

#[tokio::test]
async fn odd_values_may_be_thrown() {
    for (thrown, message) in [
        ("undefined", "undefined was thrown, which is not an error"),
        ("1", "1 was thrown, which is not an error"),
        ("'no'", "no was thrown, which is not an error"),
        ("Symbol('s')", "symbol was thrown, which is not an error"),
        (
            "2n ** 70n",
            "1180591620717411303424 was thrown, which is not an error",
        ),
        ("{}", ""),
        ("new Proxy({}, { get() { throw 1 } })", ""),
        ("{ message: { toString() { throw 1 } } }", ""),
        ("Object.create(null)", ""),
        ("() => {}", ""),
        ("new Error('x'.repeat(5000))", &"x".repeat(1000)),
        ("new Error('\\ud800')", ""),
    ] {
        for text in [
            format!("throw {thrown}"),
            format!("await Promise.reject({thrown})"),
        ] {
            let outcome = body(&text).await;
            let Err(ScriptError::Runtime { message: found, .. }) = outcome else {
                panic!("{text}: {outcome:?}");
            };
            assert_eq!(found, message, "{text}");
        }
    }
}

#[tokio::test]
async fn a_full_line_is_refused_at_once_and_patience_ends() {
    let scripts = scripts(1, 300);
    let many = (0..80).map(|_| attempt(&scripts, "f = () => { for (;;) {} }"));
    let outcomes = futures_util::future::join_all(many).await;
    let busy = outcomes
        .iter()
        .filter(|outcome| **outcome == Err(ScriptError::Busy))
        .count();
    let stopped = outcomes
        .iter()
        .filter(|outcome| **outcome == Err(ScriptError::Timeout(300)))
        .count();
    assert_eq!(busy + stopped, 80, "{outcomes:?}");
    assert!(stopped >= 1 && busy >= 48, "{busy} busy, {stopped} stopped");
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_next_a_good_worker() {
    let scripts = scripts(1, 5_000);
    let first = attempt(&scripts, "f = () => { for (;;) {} }");
    tokio::time::timeout(std::time::Duration::from_millis(300), first)
        .await
        .unwrap_err();
    let after = attempt(&scripts, "f = () => ({ a: 1 })").await;
    assert_eq!(after, Ok(Some(json!({ "a": 1 }))));
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_an_error() {
    let mut settings = server::config::Config::load(|_| None).unwrap().scripts;
    for program in ["/nowhere/hufu", "/bin/true", "/bin/cat"] {
        settings.program = program.into();
        let outcome = attempt(
            &server::script::Scripts::new(settings.clone()),
            "f = () => ({})",
        )
        .await;
        assert!(
            matches!(outcome, Err(ScriptError::Broken(_))),
            "{program}: {outcome:?}"
        );
    }
}
