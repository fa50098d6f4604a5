//! The statuses of the codes that the API answers with.

use axum::http::StatusCode;

/// The status that a code has unless a refusal says otherwise (`contract/logto-api.md` §1.7, §11.2).
pub(super) fn api_status(code: &str) -> StatusCode {
    const UNAUTHORIZED: [&str; 9] = [
        "connector.authorization_failed",
        "connector.social_auth_code_invalid",
        "connector.social_invalid_access_token",
        "connector.social_invalid_id_token",
        "auth.authorization_header_missing",
        "auth.authorization_token_type_not_supported",
        "auth.unauthorized",
        "auth.jwt_sub_missing",
        "verification_record.permission_denied",
    ];
    const FORBIDDEN: [&str; 5] = [
        "auth.forbidden",
        "auth.third_party_application_forbidden",
        "role.internal_role_violation",
        "session.mfa.require_mfa_verification",
        "application.saml.reach_oss_limit",
    ];
    const NOT_FOUND: [&str; 11] = [
        "entity.not_exists_with_id",
        "entity.not_found",
        "entity.not_exists",
        "entity.relation_foreign_key_not_found",
        "user.identity_not_exist",
        "user.user_not_exist",
        "user.enterprise_sso_identity_not_exists",
        "oidc.session_not_found",
        "oidc.key_not_found",
        "oidc.invalid_grant",
        "one_time_token.token_not_found",
    ];
    const CONFLICT: [&str; 3] = [
        "single_sign_on.duplicate_connector_name",
        "localization.cannot_delete_default_language",
        "sign_in_experiences.username_policy_case_conflicts_exist",
    ];
    /// The exceptions among families that otherwise are 422.
    const BAD_REQUEST: [&str; 14] = [
        "application.invalid_third_party_application_type",
        "application.protected_app_metadata_is_required",
        "application.protected_application_only",
        "application.no_legacy_secret_found",
        "user.password_and_digest",
        "user.password_algorithm_required",
        "user.cannot_delete_self",
        "user.last_sign_in_method_required",
        "user.totp_secret_invalid",
        "role.management_api_scopes_not_assignable_to_user_role",
        "scope.name_with_space",
        "resource.cannot_modify_management_api",
        "resource.cannot_delete_management_api",
        "hook.missing_events",
    ];
    const UNPROCESSABLE_FAMILIES: [&str; 9] = [
        "entity.",
        "application.",
        "user.",
        "role.",
        "scope.",
        "resource.",
        "organization.",
        "hook.",
        "jwt_customizer.",
    ];
    const UNPROCESSABLE: [&str; 18] = [
        "application.saml.acs_url_binding_not_supported",
        "application.saml.saml_application_only",
        "custom_profile_fields.name_exists",
        "connector.invalid_type_for_syncing_profile",
        "connector.multiple_target_with_same_platform",
        "connector.not_found_with_connector_id",
        "connector.token_storage_not_supported",
        "single_sign_on.duplicated_domains",
        "single_sign_on.forbidden_domains",
        "session.invalid_credentials",
        "session.invalid_connector_id",
        "password.rejected",
        "oidc.key_required",
        "oidc.only_previous_key_can_be_deleted",
        "localization.invalid_translation_structure",
        "connector.multiple_instances_not_supported",
        "session.mfa.backup_code_can_not_be_alone",
        "connector.email_connector.bulk_deletion_no_filter",
    ];
    if UNAUTHORIZED.contains(&code) {
        StatusCode::UNAUTHORIZED
    } else if FORBIDDEN.contains(&code) {
        StatusCode::FORBIDDEN
    } else if NOT_FOUND.contains(&code) {
        StatusCode::NOT_FOUND
    } else if CONFLICT.contains(&code) {
        StatusCode::CONFLICT
    } else if BAD_REQUEST.contains(&code) {
        StatusCode::BAD_REQUEST
    } else if UNPROCESSABLE.contains(&code)
        || !code.starts_with("application.saml.")
            && UNPROCESSABLE_FAMILIES
                .iter()
                .any(|family| code.starts_with(family))
    {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if code == "request.message_rate_limited" {
        StatusCode::TOO_MANY_REQUESTS
    } else if code == "connector.not_implemented" {
        StatusCode::NOT_IMPLEMENTED
    } else {
        StatusCode::BAD_REQUEST
    }
}
