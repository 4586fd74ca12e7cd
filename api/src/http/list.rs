//! Lists: which page of them is asked for, with what filter, and the page that is the answer.
//!
//! A handler of a list takes `List<Filter>`: the filter declares its own parameters and nothing else; `limit`, `cursor` and
//! `as_known_at` are declared here, once for all lists. It answers with [`Page`].

use std::borrow::Cow;
use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use form_urlencoded::Serializer;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::http::known::{Known, Moment, past};
use crate::http::page::{self, bad_cursor};
use crate::http::problem::{Kind, Problem};
use crate::http::shape::{convert, query_faults};

/// A list that is read: its filter, the page, and the moment as of which it is known.
///
/// Without `KNOWN` ([`Paged`]) the operation has no `as_known_at`; without `PAGED` ([`Whole`]) it returns the whole list.
#[derive(Debug)]
pub(crate) struct List<F, const KNOWN: bool = true, const PAGED: bool = true> {
    /// The list's own parameters.
    pub(crate) filter: F,
    moment: Moment,
    limit: Option<u16>,
    cursor: Option<String>,
    path: String,
    /// The parameters that a page belongs to: all but `limit` and `cursor`.
    pairs: Vec<(String, String)>,
}

/// A list without `as_known_at`.
pub(crate) type Paged<F> = List<F, false>;

/// A list that is returned as a whole, without `limit` and `cursor`.
pub(crate) type Whole<F> = List<F, true, false>;

/// The revisions of an entity, the newest first.
pub(crate) type Revisions = Paged<NoFilter>;

/// No parameters of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFilter {}

/// The page's own parameters, as they are declared.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read as `Common`; these are declarations")]
struct PageQuery {
    /// The number of items on a page.
    #[param(minimum = 1, maximum = 500, default = 50, nullable = false)]
    limit: Option<u16>,
    /// Where the page begins: the cursor in the `next` link of the previous page.
    #[param(max_length = 3000, pattern = "^[A-Za-z0-9_-]+$", nullable = false)]
    cursor: Option<String>,
}

impl Revisions {
    /// The page that is asked for, and the revision before which it begins.
    ///
    /// # Errors
    /// 400 for a cursor of another list.
    pub(crate) fn before(&self) -> Result<(page::Page, Option<i64>), Problem> {
        let page = self.page(1)?;
        let before = page.first_key().map(str::parse).transpose().map_err(|_| bad_cursor())?;
        Ok((page, before))
    }
}

impl<F, const KNOWN: bool, const PAGED: bool> List<F, KNOWN, PAGED> {
    /// The same list with its filter converted.
    ///
    /// # Errors
    /// Those of the conversion.
    pub(crate) fn convert<G>(
        self,
        read: impl FnOnce(F) -> Result<G, Problem>,
    ) -> Result<List<G, KNOWN, PAGED>, Problem> {
        let Self { filter, moment, limit, cursor, path, pairs } = self;
        Ok(List { filter: read(filter)?, moment, limit, cursor, path, pairs })
    }

    /// The moment as of which the list is known; none for now.
    pub(crate) fn moment(&self) -> Moment {
        self.moment
    }

    /// The page that is asked for. A key of the list has `parts` parts.
    ///
    /// # Errors
    /// 400 for a cursor of another list, or of this list with another filter.
    pub(crate) fn page(&self, parts: usize) -> Result<page::Page, Problem> {
        self.page_with(parts, &[])
    }

    /// The page that is asked for, where the links to further pages fix the values of parameters that were omitted, for
    /// example `as_at`, which defaults to today.
    ///
    /// # Errors
    /// 400 for a cursor of another list, or of this list with another filter.
    pub(crate) fn page_with(&self, parts: usize, defaults: &[(&str, &str)]) -> Result<page::Page, Problem> {
        let mut filter = Serializer::new(String::new());
        for (name, value) in &self.pairs {
            filter.append_pair(name, value);
        }
        for (name, value) in
            defaults.iter().filter(|(name, _)| self.pairs.iter().all(|(sent, _)| sent != name))
        {
            filter.append_pair(name, value);
        }
        page::Page::read(&self.path, &filter.finish(), parts, self.limit, self.cursor.as_deref())
    }
}

/// The page's own parameters, as they are sent.
#[derive(Default, Deserialize)]
struct Common {
    limit: Option<u16>,
    cursor: Option<String>,
    as_known_at: Moment,
}

fn read<F, const KNOWN: bool, const PAGED: bool>(
    path: &str,
    query: &str,
) -> Result<List<F, KNOWN, PAGED>, Problem>
where
    F: DeserializeOwned + IntoParams,
{
    let faults = query_faults(List::<F, KNOWN, PAGED>::into_params(|| None), query);
    let rejected = |faults| Problem::new(Kind::InvalidQuery).faults(faults);
    if !faults.is_empty() {
        return Err(rejected(faults));
    }
    let mut common = Serializer::new(String::new());
    let mut own = Serializer::new(String::new());
    let mut pairs = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let is_common = match &*name {
            "limit" | "cursor" => PAGED,
            "as_known_at" => KNOWN,
            _ => false,
        };
        let part = if is_common { &mut common } else { &mut own };
        part.append_pair(&name, &value);
        if !matches!(&*name, "limit" | "cursor") {
            pairs.push((name.into_owned(), value.into_owned()));
        }
    }
    // The order in which parameters are sent makes no other list.
    pairs.sort();
    let Common { limit, cursor, as_known_at } =
        convert(&common.finish()).map_err(|fault| rejected(vec![fault]))?;
    let filter = convert(&own.finish()).map_err(|fault| rejected(vec![fault]))?;
    Ok(List { filter, moment: past(as_known_at)?, limit, cursor, path: path.to_owned(), pairs })
}

impl<F: DeserializeOwned + IntoParams, const KNOWN: bool, const PAGED: bool> FromRequest
    for List<F, KNOWN, PAGED>
{
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.path(), request.query_string()))
    }
}

impl<F: IntoParams, const KNOWN: bool, const PAGED: bool> IntoParams for List<F, KNOWN, PAGED> {
    fn into_params(parameter_in: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut declared = F::into_params(&parameter_in);
        if PAGED {
            declared.extend(PageQuery::into_params(&parameter_in));
        }
        if KNOWN {
            declared.extend(Known::into_params(&parameter_in));
        }
        declared
    }
}

/// A page of a list. Name it by an alias, `type PlanPage = Page<Plan>`, and use the alias in the contract: the schema is
/// called after the item, `PlanPage`.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T, const REVISIONS: bool = false> {
    pub(crate) items: Vec<T>,
    /// The link to the next page; none on the last.
    pub(crate) next: Option<String>,
}

/// A page of the revisions of an entity: `type PlanHistory = History<Plan>`.
pub(crate) type History<T> = Page<T, true>;

impl<T: ToSchema, const REVISIONS: bool> PartialSchema for Page<T, REVISIONS> {
    fn schema() -> RefOr<Schema> {
        let (page, order) = match REVISIONS {
            true => ("A page of the revisions of one entity.", "The revisions, the newest first."),
            false => ("A page of a list.", "The items of this page, in the order of the list."),
        };
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .max_items(Some(usize::from(page::MAX_LIMIT)))
            .description(Some(order));
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .max_length(Some(8000))
            .description(Some("The path and query of the next page; null on the last page."));
        ObjectBuilder::new()
            .description(Some(format!("{page} Follow `next` until it is null to read all of it.")))
            .property("items", items)
            .required("items")
            .property("next", next)
            .required("next")
            .into()
    }
}

impl<T: ToSchema, const REVISIONS: bool> ToSchema for Page<T, REVISIONS> {
    fn name() -> Cow<'static, str> {
        format!("{}{}", T::name(), if REVISIONS { "History" } else { "Page" }).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::Required;

    use super::*;

    #[derive(Debug, Deserialize, IntoParams)]
    #[into_params(parameter_in = Query)]
    #[serde(deny_unknown_fields)]
    struct Themed {
        #[param(nullable = false)]
        theme: Option<String>,
    }

    #[derive(Serialize, ToSchema)]
    struct Plan {
        code: String,
    }

    type PlanPage = Page<Plan>;

    fn list(query: &str) -> List<Themed> {
        read("/v1/plans", query).unwrap()
    }

    fn link(list: &List<Themed>) -> String {
        let page = list.page_with(1, &[("as_at", "2010-03-31")]).unwrap();
        page.cut(&mut vec!["a", "b"], |code| vec![(*code).to_owned()]).unwrap()
    }

    #[test]
    fn the_next_link_carries_filter_and_moment() {
        let first = list("theme=a%20b&limit=1&as_known_at=2011-01-01T00:00:00Z");
        assert_eq!(first.filter.theme.as_deref(), Some("a b"));
        assert_eq!(first.moment(), Some("2011-01-01T00:00:00Z".parse().unwrap()));
        let next = link(&first);
        let expected =
            "/v1/plans?as_known_at=2011-01-01T00%3A00%3A00Z&theme=a+b&as_at=2010-03-31&limit=1&cursor=";
        assert!(next.starts_with(expected), "{next}");
        assert!(list("theme=c&limit=1").page(1).is_ok());
        let cursor = next.rsplit_once("cursor=").unwrap().1;
        assert!(list(&format!("theme=c&cursor={cursor}")).page(1).is_err());
    }

    #[test]
    fn all_faults_come_together() {
        let problem = read::<Themed, true, true>("/v1/plans", "limit=0&thme=x&as_known_at=x").unwrap_err();
        let names: Vec<_> = problem.errors().iter().filter_map(|fault| fault.parameter.as_deref()).collect();
        assert_eq!(names, ["limit", "thme", "as_known_at"]);
        assert!(read::<Themed, true, true>("/v1/plans", "as_known_at=2999-01-01T00:00:00Z").is_err());
        assert!(read::<Themed, false, true>("/v1/plans", "as_known_at=2009-01-01T00:00:00Z").is_err());
    }

    #[test]
    fn a_history_goes_on_below_the_last_revision() {
        let revisions = |query: &str| read::<NoFilter, false, true>("/v1/x/history", query).unwrap();
        let (page, before) = revisions("limit=1").before().unwrap();
        assert_eq!(before, None);
        let query_after = |key: &str| {
            let link = page.cut(&mut vec![0, 1], |_| vec![key.to_owned()]).unwrap();
            link.split_once('?').unwrap().1.to_owned()
        };
        assert_eq!(revisions(&query_after("7")).before().unwrap().1, Some(7));
        assert!(revisions(&query_after("x")).before().is_err());
    }

    #[test]
    fn a_page_is_named_after_its_items() {
        assert_eq!(PlanPage::name(), "PlanPage");
        assert_eq!(History::<Plan>::name(), "PlanHistory");
        let schema = serde_json::to_value(PlanPage::schema()).unwrap();
        assert_eq!(schema["properties"]["items"]["items"]["$ref"], "#/components/schemas/Plan");
        let declared = List::<Themed>::into_params(|| None);
        let names: Vec<&str> = declared.iter().map(|parameter| parameter.name.as_str()).collect();
        assert_eq!(names, ["theme", "limit", "cursor", "as_known_at"]);
        assert!(!declared.iter().any(|parameter| parameter.required == Required::True));
    }
}
