//! `hufu help`, `hufu --version`, and what a wrong setting does to any command.

use server::config::variable::VARIABLES;

use crate::Hufu;

#[test]
fn help_env_lists_every_variable() {
    let text = Hufu::new().prints("help env");
    for variable in VARIABLES {
        assert!(
            text.contains(&format!("\n  {}\n", variable.name)),
            "{}",
            variable.name
        );
    }
}

#[test]
fn help_explains_commands() {
    let hufu = Hufu::new();
    assert!(hufu.prints("help").contains("Usage: hufu"));
    assert!(
        hufu.prints("help user import")
            .contains("passwordAlgorithm")
    );
    hufu.run("help frobnicate")
        .failed("there is no command \"frobnicate\"");
    for flag in ["-v", "-V", "--version"] {
        assert_eq!(
            hufu.prints(flag),
            format!("hufu {}\n", env!("CARGO_PKG_VERSION"))
        );
    }
    assert_eq!(hufu.run("frobnicate").code, 2);
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_sentence() {
    Hufu::new().with("PORT", "many").run("user list").failed("PORT is \"many\", which is not a port number from 1 to 65535; write for example PORT=3001.");
    Hufu::new()
        .with("PORT", "many")
        .run("serve")
        .failed("PORT is \"many\"");
}

#[test]
fn a_dot_env_file_is_found_and_the_command_line_goes_before_it() {
    let hufu = Hufu::new();
    hufu.file(".env", "ENDPOINT=https://from.env.example.com\n");
    let made = hufu.json("app create --preset m2m");
    assert_eq!(
        made["environment"]["OIDC_ISSUER"],
        "https://from.env.example.com/oidc"
    );
    hufu.file("other.env", "ENDPOINT=https://other.example.com\n");
    let made = hufu.json("app create --preset m2m --env-file other.env");
    assert_eq!(
        made["environment"]["OIDC_ISSUER"],
        "https://other.example.com/oidc"
    );
    hufu.prints("db seed --db-url sqlite:elsewhere.db");
    assert!(hufu.path().join("elsewhere.db").is_file());
}

#[test]
fn whoever_stops_reading_is_no_error() {
    let hufu = Hufu::new();
    let script = format!("{} help env | head -1", env!("CARGO_BIN_EXE_hufu"));
    let output = std::process::Command::new("bash")
        .args(["-o", "pipefail", "-c", &script])
        .current_dir(hufu.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
