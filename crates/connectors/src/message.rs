//! Messages to people: e-mail and SMS.

/// Whether messages can be sent with connectors of this factory.
pub fn is_built(factory: &str) -> bool {
    matches!(
        factory,
        "simple-mail-transfer-protocol" | "http-email" | "http-sms"
    ) || factory.starts_with("mock-")
}
