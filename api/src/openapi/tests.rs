//! What every operation and every schema of the contract promises.

use serde_json::Value;

/// The schema of the answer with 200, resolved.
fn answer<'a>(contract: &'a Value, operation: &Value) -> Option<&'a Value> {
    let schema = operation.pointer("/responses/200/content/application~1json/schema/$ref")?.as_str()?;
    contract.pointer(schema.strip_prefix('#')?)
}

#[test]
fn every_answer_with_a_next_page_takes_limit_and_cursor() {
    let contract = crate::openapi::contract_value();
    let mut lists = 0;
    for (path, item) in contract["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let schema = answer(contract, operation);
            if schema.is_none_or(|schema| schema.pointer("/properties/next").is_none()) {
                continue;
            }
            lists += 1;
            let parameters = operation["parameters"].as_array().unwrap().iter();
            let names: Vec<&str> = parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
            assert!(names.contains(&"limit") && names.contains(&"cursor"), "{path}: {names:?}");
        }
    }
    assert!(lists >= 20, "only {lists} lists have a next page");
}

#[test]
fn a_read_with_a_filter_can_reject_its_value() {
    let contract = crate::openapi::contract_value();
    let of = |path: &str| contract["paths"][path]["get"]["responses"].get("422").is_some();
    assert!(of("/v1/organisations/{organisation}/plans/{plan}/status"));
    assert!(of("/v1/organisations/{organisation}/results"));
    assert!(!of("/v1/organisations"));
}

/// The operations with their paths and methods.
fn operations(contract: &Value) -> Vec<(String, &Value)> {
    let items = contract["paths"].as_object().unwrap().iter();
    items
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

/// The contents of a body, or of a response, by media type.
fn contents(body: &Value) -> impl Iterator<Item = (&String, &Value)> {
    body.get("content").and_then(Value::as_object).into_iter().flatten()
}

#[test]
fn every_operation_has_a_summary_a_tag_an_id_and_examples() {
    let contract = crate::openapi::contract_value();
    let tags: Vec<&Value> = contract["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let operations = operations(contract);
    assert!(operations.len() > 90, "only {} operations", operations.len());
    for (name, operation) in &operations {
        assert!(operation["summary"].as_str().is_some_and(|text| text.ends_with('.')), "summary of {name}");
        assert!(operation["operationId"].is_string(), "id of {name}");
        assert!(
            operation["tags"].as_array().is_some_and(|of| of.len() == 1 && tags.contains(&&of[0])),
            "tag of {name}"
        );
        let has_example = |body: &Value| {
            contents(body).next().is_none()
                || contents(body).any(|(_, content)| content.get("example").is_some())
        };
        assert!(operation.get("requestBody").is_none_or(has_example), "example of a request of {name}");
        let answers = operation["responses"].as_object().unwrap().iter();
        let mut successes = answers.filter(|(status, _)| status.starts_with('2'));
        assert!(successes.any(|(_, answer)| has_example(answer)), "example of an answer of {name}");
    }
}

/// Only a request for a token needs none.
#[test]
fn every_operation_says_whether_it_needs_a_token() {
    let contract = crate::openapi::contract_value();
    assert_eq!(contract["security"], serde_json::json!([{"bearer": []}, {"client_credentials": []}]));
    let open: Vec<&str> = operations(contract)
        .into_iter()
        .filter(|(_, operation)| operation["security"] != contract["security"])
        .filter_map(|(_, operation)| operation["operationId"].as_str())
        .collect();
    assert_eq!(open, ["create_token"]);
}

/// Names that a generated client cannot use without hiding a name that its language has everywhere: those of the standard
/// library of TypeScript (and of browsers), Kotlin's default imports, Swift with Foundation, the namespaces that C#
/// imports implicitly, `java.lang`, and Python's built-in names.
const TAKEN: &str = "\
    Action Animation Any Annotation Array Attr Attribute Audio BigInt Blob Boolean Buffer Byte Bundle Cache Calendar Char \
    Character Class Clock Collection Comment Comparable Comparator Console Convert Credential Crypto Data Date DateTime \
    Decimal Delegate Dictionary Directory Document Double Duration Element Empty Encoding Entry Enum Enumerable Environment \
    Error Event EventArgs Exception Exclude Expression Extract False File Float Formatter Func Function Generator Guid \
    Hashable History Identifiable Image Index Input InputStream Int Integer Intl Iterable Iterator Lazy List Locale \
    Location Lock Long Lookup Map Math Measurement Module Monitor Mutex Name Never Node None NonNullable Note Notification \
    Nothing Number Object Omit Operation Option Optional Order Override Package Pair Parameters Partial Parts Path \
    Permissions Pick Plugin Predicate Process Progress Promise Proxy Random Range Readonly Record Reflect RegExp Regex \
    Region Report Repeatable Request Required Response Result Retention Return Rule Scanner Selection Sequence Set Short \
    Start State Stream String Sum Suppress Symbol System Table Target Task Text Thread Throwable Throws Timer TimeZone \
    Title Touch Triple True Tuple Type URL Unit UnitOfWork Uri Version Void Way Window Worker";

#[test]
fn no_schema_hides_a_name_that_languages_have_everywhere() {
    let taken: Vec<&str> = TAKEN.split_whitespace().collect();
    let contract = crate::openapi::contract_value();
    let names = contract["components"]["schemas"].as_object().unwrap().keys();
    let hiding: Vec<&String> = names.filter(|name| taken.contains(&name.as_str())).collect();
    assert!(hiding.is_empty(), "{hiding:?}");
}

/// A count fits 32 bits; what does not is listed here.
#[test]
fn only_what_can_pass_two_to_the_31_has_64_bits() {
    let contract = crate::openapi::contract_value();
    let mut wide: Vec<String> = Vec::new();
    for (name, schema) in contract["components"]["schemas"].as_object().unwrap() {
        for (property, schema) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if schema.get("format").is_some_and(|format| format == "int64") {
                wide.push(format!("{name}.{property}"));
            }
        }
    }
    assert_eq!(
        wide,
        [
            "MilestoneCounts.amber",
            "MilestoneCounts.green",
            "MilestoneCounts.not_reported",
            "MilestoneCounts.promised",
            "MilestoneCounts.red",
            "SubmissionProgress.bytes",
            "SubmissionProgress.rows_accepted",
            "SubmissionProgress.rows_per_second",
            "SubmissionProgress.rows_read",
            "SubmissionProgress.rows_rejected",
            "SubmissionProgress.rows_written",
        ]
    );
}

/// What a request may omit and a response always has is two schemas.
#[test]
fn what_is_received_and_returned_is_one_schema_only_if_it_is_the_same() {
    let schemas = &crate::openapi::contract_value()["components"]["schemas"];
    let required = |name: &str| schemas[name]["required"].as_array().unwrap().len();
    assert_eq!(required("Priority"), 4);
    assert_eq!(required("NewPriority"), 3);
    let of_list =
        |schema: &str| schemas[schema]["properties"]["priorities"]["items"]["$ref"].as_str().unwrap();
    assert_eq!(of_list("Plan"), "#/components/schemas/Priority");
    assert_eq!(of_list("PlanContent"), "#/components/schemas/NewPriority");
}
