//! What changed from one JSON document to the next, place by place.

use serde_json::Value;

/// The values at one location before and after; `None` if there was or is none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// A JSON pointer (RFC 6901).
    pub(super) pointer: String,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// All differences, in the order of their locations. Objects and lists on both sides are compared inside; items of
/// lists are compared by position, and surplus items are at the end.
pub(super) fn differences(before: Option<&Value>, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&mut found, String::new(), before, Some(after));
    found
}

fn compare(found: &mut Vec<Difference>, pointer: String, before: Option<&Value>, after: Option<&Value>) {
    match (before, after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(Value::Object(old)), Some(Value::Object(new))) => {
            for (name, value) in old {
                compare(found, below(&pointer, name), Some(value), new.get(name));
            }
            for (name, value) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                compare(found, below(&pointer, name), None, Some(value));
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) => {
            for position in 0..old.len().max(new.len()) {
                let place = format!("{pointer}/{position}");
                compare(found, place, old.get(position), new.get(position));
            }
        }
        (before, after) => {
            found.push(Difference { pointer, before: before.cloned(), after: after.cloned() });
        }
    }
}

/// The pointer to a member of an object.
fn below(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;
    use serde_json::json;

    /// Applies differences as a reader would, written from RFC 6901 and not from the code above.
    fn applied(before: Option<Value>, differences: &[Difference]) -> Value {
        let mut document = before.unwrap_or(Value::Null);
        // From the end, so that what leaves a list does not move what stands before it.
        let (gone, others): (Vec<_>, Vec<_>) = differences.iter().partition(|one| one.after.is_none());
        for Difference { pointer, before, after } in others {
            if !pointer.is_empty() {
                assert_eq!(document.pointer(pointer), before.as_ref());
            }
            put(&mut document, pointer, after.clone().unwrap());
        }
        for Difference { pointer, before, .. } in gone.into_iter().rev() {
            assert_eq!(document.pointer(pointer), before.as_ref());
            take(&mut document, pointer);
        }
        document
    }

    fn parent<'a>(document: &'a mut Value, pointer: &str) -> (&'a mut Value, String) {
        let (path, last) = pointer.rsplit_once('/').unwrap();
        (document.pointer_mut(path).unwrap(), last.replace("~1", "/").replace("~0", "~"))
    }

    fn put(document: &mut Value, pointer: &str, value: Value) {
        if pointer.is_empty() {
            *document = value;
            return;
        }
        match parent(document, pointer) {
            (Value::Object(object), name) => drop(object.insert(name, value)),
            (Value::Array(list), position) => {
                let position: usize = position.parse().unwrap();
                match list.get_mut(position) {
                    Some(item) => *item = value,
                    None => list.insert(position, value),
                }
            }
            (other, _) => panic!("{other} has nothing inside"),
        }
    }

    fn take(document: &mut Value, pointer: &str) {
        match parent(document, pointer) {
            (Value::Object(object), name) => drop(object.remove(&name)),
            (Value::Array(list), position) => drop(list.remove(position.parse().unwrap())),
            (other, _) => panic!("{other} has nothing inside"),
        }
    }

    fn any_document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..3_i64).prop_map(Value::from),
            "[ab]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 4, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..4).prop_map(Value::from),
                btree_map("[ab/~]{0,2}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_differences_lead_from_before_to_after(before in any_document(), after in any_document()) {
            let found = differences(Some(&before), &after);
            prop_assert_eq!(found.is_empty(), before == after);
            prop_assert_eq!(applied(Some(before), &found), after);
        }

        #[test]
        fn what_is_new_is_one_difference(after in any_document()) {
            let found = differences(None, &after);
            prop_assert_eq!(found.len(), 1);
            prop_assert_eq!(applied(None, &found), after);
        }
    }

    #[test]
    fn a_place_is_named_by_its_pointer() {
        let before = json!({"title": "A", "themes": [{"code": "a"}, {"code": "b"}], "a/b": 1, "gone": null});
        let after = json!({"title": "B", "themes": [{"code": "a"}, {"code": "c"}, {"code": "d"}], "a/b": 2});
        let found = differences(Some(&before), &after);
        let listed: Vec<(&str, Option<Value>, Option<Value>)> =
            found.iter().map(|one| (one.pointer.as_str(), one.before.clone(), one.after.clone())).collect();
        let expected = [
            ("/a~1b", Some(json!(1)), Some(json!(2))),
            ("/gone", Some(Value::Null), None),
            ("/themes/1/code", Some(json!("b")), Some(json!("c"))),
            ("/themes/2", None, Some(json!({"code": "d"}))),
            ("/title", Some(json!("A")), Some(json!("B"))),
        ];
        assert_eq!(listed, expected);
    }
}
