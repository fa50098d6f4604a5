//! Lists in pages (`contract/logto-api.md` §1.4).

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use store::{Listed, Page};
use url::form_urlencoded;
use utoipa::IntoParams;

use super::query::pairs;
use crate::{app::App, arriving::Arriving, error::ApiError, operation::Refused};

const TOTAL: HeaderName = HeaderName::from_static("total-number");
const CAPPED: HeaderName = HeaderName::from_static("total-number-is-capped");
const DEFAULT_SIZE: i64 = 20;
const LARGEST: i64 = 100;

/// The parameters of a page, for the document.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only the document reads it")]
pub struct PageParameters {
    /// The number of the page, from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<i64>,
    /// How many entries a page has.
    #[param(minimum = 1, maximum = 100, default = 20)]
    page_size: Option<i64>,
}

/// The page that a request asks for.
#[derive(Clone, Debug)]
pub struct Paging {
    number: i64,
    size: i64,
    address: Address,
}

#[derive(Clone, Debug)]
struct Address {
    origin: String,
    uri: Uri,
}

impl Paging {
    /// Which rows that is.
    pub const fn page(&self) -> Page {
        Page {
            limit: self.size,
            offset: (self.number - 1).saturating_mul(self.size),
        }
    }

    /// The entries with the headers that lead to the other pages.
    pub fn answer<T: Serialize>(&self, listed: &Listed<T>) -> Response {
        self.answer_body(&listed.rows, listed.total)
    }

    /// The same for an answer whose entries stand inside an object.
    pub fn answer_body(&self, body: &impl Serialize, total: i64) -> Response {
        let mut response = Json(body).into_response();
        self.lead(response.headers_mut(), total);
        response
    }

    /// The same for a list that was counted up to `most` only: a total above it says that there are more.
    pub fn answer_capped<T: Serialize>(&self, listed: &Listed<T>, most: i64) -> Response {
        if listed.total <= most {
            return self.answer(listed);
        }
        let mut response = Json(&listed.rows).into_response();
        let headers = response.headers_mut();
        headers.insert(TOTAL, listed.total.into());
        headers.insert(CAPPED, HeaderValue::from_static("true"));
        self.link(headers, "first", 1);
        if self.number > 1 {
            self.link(headers, "prev", self.number - 1);
        }
        response
    }

    fn lead(&self, headers: &mut HeaderMap, total: i64) {
        headers.insert(TOTAL, total.into());
        let last = total.unsigned_abs().div_ceil(self.size.unsigned_abs());
        let last = i64::try_from(last).unwrap_or(i64::MAX).max(1);
        let relations = [
            ("first", Some(1)),
            ("prev", (self.number > 1).then(|| self.number - 1)),
            ("last", Some(last)),
            ("next", (self.number < last).then(|| self.number + 1)),
        ];
        for (relation, number) in relations {
            if let Some(number) = number {
                self.link(headers, relation, number);
            }
        }
    }

    fn link(&self, headers: &mut HeaderMap, relation: &str, number: i64) {
        let link = format!("<{}>; rel=\"{relation}\"", self.address.of(number));
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.append(header::LINK, link);
        }
    }

    fn read(parts: &Parts) -> Result<Option<Self>, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let (mut number, mut size) = (None, None);
        for (name, value) in pairs(query) {
            match name.as_str() {
                "page" => number = Some(positive(&value, i64::from(u32::MAX))?),
                "page_size" => size = Some(positive(&value, LARGEST)?),
                _ => {}
            }
        }
        if number.is_none() && size.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            number: number.unwrap_or(1),
            size: size.unwrap_or(DEFAULT_SIZE),
            address: Address::of_request(parts),
        }))
    }
}

impl Address {
    fn of_request(parts: &Parts) -> Self {
        let original = parts.extensions.get::<OriginalUri>();
        Self {
            origin: parts
                .extensions
                .get::<Arriving>()
                .map(|arriving| arriving.origin.clone())
                .unwrap_or_default(),
            uri: original.map_or_else(|| parts.uri.clone(), |original| original.0.clone()),
        }
    }

    fn of(&self, number: i64) -> String {
        let others = pairs(self.uri.query().unwrap_or_default()).filter(|(name, _)| name != "page");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair("page", &number.to_string())
            .finish();
        format!("{}{}?{query}", self.origin, self.uri.path())
    }
}

fn positive(value: &str, largest: i64) -> Result<i64, Refused> {
    value
        .parse()
        .ok()
        .filter(|number| (1..=largest).contains(number))
        .ok_or_else(|| {
            Refused::new(
                "guard.invalid_pagination",
                "page must be a positive number, and page_size one of 1 to 100",
            )
        })
}

impl FromRequestParts<App> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(Self::read(parts)?.unwrap_or_else(|| Self {
            number: 1,
            size: DEFAULT_SIZE,
            address: Address::of_request(parts),
        }))
    }
}

/// The page that a request asks for, or the whole list when it asks for none.
#[derive(Clone, Debug)]
pub struct OptionalPaging(Option<Paging>);

impl OptionalPaging {
    /// Which rows that is.
    pub fn page(&self) -> Page {
        self.0.as_ref().map_or(Page::ALL, Paging::page)
    }

    /// The entries; with the headers that lead to other pages when a page was asked for.
    pub fn answer<T: Serialize>(&self, listed: &Listed<T>) -> Response {
        match &self.0 {
            Some(paging) => paging.answer(listed),
            None => Json(&listed.rows).into_response(),
        }
    }
}

impl FromRequestParts<App> for OptionalPaging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Paging::read(parts).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Request, header};

    use super::Paging;

    fn read(uri: &str) -> Result<Option<Paging>, ()> {
        let (parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        Paging::read(&parts).map_err(drop)
    }

    #[test]
    fn numbers_out_of_range_are_refused_and_empty_ones_left_out() {
        for query in [
            "page=0",
            "page=-1",
            "page=x",
            "page_size=101",
            "page_size=0",
        ] {
            assert!(read(&format!("/a?{query}")).is_err(), "{query}");
        }
        assert!(read("/a?page=&page_size=").unwrap().is_none());
        let page = read("/a?page=3").unwrap().unwrap().page();
        assert_eq!((page.limit, page.offset), (20, 40));
    }

    #[test]
    fn links_lead_to_the_other_pages() {
        let links = |uri: &str, total| {
            let mut headers = HeaderMap::new();
            read(uri).unwrap().unwrap().lead(&mut headers, total);
            let links = headers.get_all(header::LINK).iter();
            links
                .map(|link| link.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            links("/a?q=%20x&page=2&page_size=10", 21),
            [
                r#"</a?q=+x&page_size=10&page=1>; rel="first""#,
                r#"</a?q=+x&page_size=10&page=1>; rel="prev""#,
                r#"</a?q=+x&page_size=10&page=3>; rel="last""#,
                r#"</a?q=+x&page_size=10&page=3>; rel="next""#,
            ]
        );
        assert_eq!(links("/a?page=1", 0).len(), 2, "no rows are one page");
    }
}
