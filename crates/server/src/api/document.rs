//! The `OpenAPI` documents (`contract/logto-api.md` §5.7, §9.4).

use axum::{Router, http::HeaderMap, response::Response, routing::get};
use serde::Serialize;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{
            ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes,
            SecurityRequirement, SecurityScheme,
        },
    },
};

use crate::{
    app::App,
    packed::{Packed, packed},
};

/// What a refusal looks like.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiError)]
pub(super) struct ErrorBody {
    /// A stable name such as `entity.not_found`; failures of the server have none.
    code: Option<String>,
    /// A sentence for people.
    message: String,
    /// What the code is about.
    data: Option<Value>,
    /// Where the request is wrong.
    details: Option<String>,
}

/// What any route may answer beside its success.
const REFUSALS: [(&str, &str); 12] = [
    ("400", "The request is not what the route asks for."),
    ("401", "The access token is missing, wrong or expired."),
    ("403", "The access token does not allow this."),
    ("404", "There is no such thing."),
    ("405", "The route does not have this method."),
    ("409", "It contradicts what is there."),
    ("413", "The body is too long."),
    ("415", "The body is of another type."),
    ("422", "The request is understood, but cannot be done."),
    ("429", "It was asked for too often."),
    ("501", "What this needs is not set up."),
    ("503", "Too much work is waiting."),
];

/// Adds what all routes have in common.
pub fn complete(document: &mut OpenApi) {
    document.info = InfoBuilder::new()
        .title("Hufu Management API")
        .version("1")
        .description(Some("Everything an operator can do, as Logto's clients expect it. Send an access token for https://<tenant id>.logto.app/api with the scope all."))
        .build();
    let components = document.components.get_or_insert_with(Components::default);
    components
        .schemas
        .insert("ApiError".to_owned(), ErrorBody::schema());
    let tokens = ClientCredentials::new("/oidc/token", Scopes::from_iter([("all", "Everything.")]));
    components.add_security_scheme(
        "OAuth2",
        SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(tokens)])),
    );
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
    );
    let paths = std::mem::take(&mut document.paths.paths);
    for (path, mut item) in paths {
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            complete_operation(operation);
        }
        document.paths.paths.insert(format!("/api{path}"), item);
    }
}

fn complete_operation(operation: &mut Operation) {
    // Routes that need no token say so themselves.
    operation.security.get_or_insert_with(|| {
        vec![
            SecurityRequirement::new("OAuth2", ["all"]),
            SecurityRequirement::new("bearer", Vec::<String>::new()),
        ]
    });
    for (status, description) in REFUSALS {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| {
                let body = ContentBuilder::new()
                    .schema(Some(Ref::from_schema_name("ApiError")))
                    .build();
                let response = ResponseBuilder::new().description(description);
                RefOr::T(match status {
                    "405" => response.build(),
                    _ => response.content("application/json", body).build(),
                })
            });
    }
}

/// The committed document, which a test compares with what the code says.
const DOCUMENT: Packed = packed!("openapi.json");

/// Where the document is served.
pub fn router() -> Router<App> {
    Router::new()
        .route("/swagger.json", get(serve))
        .route("/.well-known/management.openapi.json", get(serve))
}

async fn serve(headers: HeaderMap) -> Response {
    DOCUMENT.answer(&headers, "application/json")
}
