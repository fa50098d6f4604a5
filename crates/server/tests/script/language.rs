//! What a script may use.

use serde_json::{Value, json};
use server::script::ScriptError;

use super::{body, run};

#[tokio::test]
async fn a_function_may_be_declared_in_every_way() {
    for source in [
        "function f(x) { return { got: x.a } }",
        "async function f({ a }) { return { got: a } }",
        "const f = async ({ a }) => ({ got: a });",
        "let f = ({ a }) => Promise.resolve({ got: a })",
        "var f = function (x) { return { got: x.a } }",
        "f = (x) => ({ then(yes) { yes({ got: x.a }) } })",
        "globalThis.f = (x) => ({ got: x.a })",
        "'use strict'; class Got { constructor(a) { this.got = a } } const f = (x) => new Got(x.a)",
        "/** @param {object} x */\nconst f = async (x) => {\n  const { a } = x;\n  await null;\n  return { got: a };\n};\n",
    ] {
        let outcome = run(source, json!({ "a": "ü\u{0}\u{2028}𝄞" })).await;
        assert_eq!(
            outcome,
            Ok(Some(json!({ "got": "ü\u{0}\u{2028}𝄞" }))),
            "{source}"
        );
    }
}

#[tokio::test]
async fn what_javascript_programmers_expect_is_there() {
    for (text, expected) in [
        ("return { a: x?.y?.z ?? 1 }", json!({ "a": 1 })),
        (
            "console.log('x', x); console.error(x); return {}",
            json!({}),
        ),
        (
            "return { a: new Date(0).toISOString() }",
            json!({ "a": "1970-01-01T00:00:00.000Z" }),
        ),
        (
            "return { a: Object.fromEntries(new Map([['b', [...new Set([1, 1])]]])) }",
            json!({ "a": { "b": [1] } }),
        ),
        (
            "return { a: 'A-b'.replace(/(?<first>\\w)-/u, '$<first>+').at(-1) }",
            json!({ "a": "b" }),
        ),
        (
            "return { a: undefined, b: NaN, c: () => 1, d: new Date(0), e: -0 }",
            json!({ "b": null, "d": "1970-01-01T00:00:00.000Z", "e": 0 }),
        ),
        (
            "return { a: (await Promise.all([1, Promise.resolve(2)])).length }",
            json!({ "a": 2 }),
        ),
        (
            "for await (const y of (async function* () { yield 1 })()) return { y }",
            json!({ "y": 1 }),
        ),
        ("return { a: atob(btoa('a')) }", json!({ "a": "a" })),
    ] {
        assert_eq!(body(text).await, Ok(Some(expected)), "{text}");
    }
}

#[tokio::test]
async fn every_json_value_and_nothing_may_be_returned() {
    for (text, expected) in [
        ("return null", Some(Value::Null)),
        ("return 'a'", Some(json!("a"))),
        ("return [1, true]", Some(json!([1, true]))),
        ("", None),
        ("return () => 1", None),
    ] {
        assert_eq!(body(text).await, Ok(expected), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_syntax_error_with_its_line() {
    let outcome = run("\nfunction f( {", json!({})).await;
    let Err(ScriptError::Syntax(message)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(message.contains("(line 2"), "{message}");
    for source in [
        "import fs from 'fs'",
        "export const f = 1",
        "return 1",
        "f = () => {\0}",
        "<html>",
        "(",
    ] {
        let outcome = run(source, json!({})).await;
        assert!(
            matches!(outcome, Err(ScriptError::Syntax(_))),
            "{source}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_fault_is_told_with_name_message_and_place() {
    let outcome = run("const f = (x) => {\n  return x.a.b.c;\n}", json!({})).await;
    let Err(ScriptError::Runtime {
        name,
        message,
        stack,
    }) = outcome
    else {
        panic!("{outcome:?}");
    };
    assert_eq!(
        (&*name, &*message),
        ("TypeError", "cannot read property 'b' of undefined")
    );
    assert!(stack.unwrap().contains("script:2"));
    for (source, name, message) in [
        (
            "const g = 1",
            "TypeError",
            "the script does not declare a function f",
        ),
        (
            "const f = 1",
            "TypeError",
            "the script does not declare a function f",
        ),
        ("throw new RangeError('top')", "RangeError", "top"),
        (
            "f = () => new Promise(() => {})",
            "Error",
            "the function returned a promise that nothing will ever settle",
        ),
        (
            "f = () => ({ a: 1n })",
            "TypeError",
            "BigInt are forbidden in JSON.stringify",
        ),
        (
            "f = () => { throw new SyntaxError('x') }",
            "SyntaxError",
            "x",
        ),
        (
            "f = () => fetch('http://localhost')",
            "ReferenceError",
            "fetch is not defined",
        ),
    ] {
        let outcome = run(source, json!({})).await;
        let Err(ScriptError::Runtime {
            name: found,
            message: said,
            ..
        }) = &outcome
        else {
            panic!("{source}: {outcome:?}");
        };
        assert_eq!((&**found, &**said), (name, message), "{source}");
    }
}

#[tokio::test]
async fn many_scripts_run_at_once_and_each_gets_its_own_result() {
    let scripts = super::scripts(2, 20_000);
    let runs = (0..50).map(|n| {
        let scripts = &scripts;
        async move {
            let job = super::job("f = async (x) => ({ n: x.n * 2 })", json!({ "n": n }));
            assert_eq!(scripts.run(job).await, Ok(Some(json!({ "n": n * 2 }))));
        }
    });
    futures_util::future::join_all(runs).await;
}
