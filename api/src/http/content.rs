//! The bodies with which nouns are created and replaced: the fields that may change are declared once; the body that creates
//! also has the fields that never change.

use std::collections::HashSet;
use std::hash::Hash;

use waymark_domain::text;

use crate::http::schema::Name;
use crate::http::validation::Faults;

/// Declares the body of a PUT (`content`) and that of a POST (`new`), which has a few more fields.
///
/// They are two structs and not one inside the other, because an unknown field can be rejected, and an exact
/// number read, only where all fields stand side by side.
macro_rules! content {
    (
        $(#[$new_doc:meta])*
        new $new:ident { $($(#[$fixed_doc:meta])* $fixed:ident: $fixed_type:ty,)+ }
        $(#[$doc:meta])*
        content $content:ident { $($(#[$about:meta])* $field:ident: $type:ty,)+ }
    ) => {
        $(#[$new_doc])*
        #[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $new {
            $($(#[$fixed_doc])* $fixed: $fixed_type,)+
            $($(#[$about])* $field: $type,)+
        }

        $(#[$doc])*
        #[derive(Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $content {
            $($(#[$about])* $field: $type,)+
        }

        impl $new {
            /// What never changes, and what may.
            fn apart(self) -> (($($fixed_type,)+), $content) {
                let Self { $($fixed,)+ $($field,)+ } = self;
                (($($fixed,)+), $content { $($field,)+ })
            }
        }
    };
}

pub(crate) use content;

/// Reads an optional part: `None` only if it is present and not valid.
pub(crate) fn part<W, T>(part: Option<W>, read: impl FnOnce(W) -> Option<T>) -> Option<Option<T>> {
    match part {
        None => Some(None),
        Some(part) => read(part).map(Some),
    }
}

/// A number with an upper bound.
pub(crate) fn at_most(faults: &mut Faults, field: &str, number: u32, most: u32) -> Option<u32> {
    if number > most {
        faults.note(field, "too_large", format_args!("found {number}, at most {most} is allowed"));
        return None;
    }
    Some(number)
}

/// Something that may be listed once.
pub(crate) fn once<T: Clone + Eq + Hash>(
    faults: &mut Faults,
    field: &str,
    seen: &mut HashSet<T>,
    item: T,
) -> Option<T> {
    if !seen.insert(item.clone()) {
        faults.note(field, "duplicate", "it is listed twice: list it once");
        return None;
    }
    Some(item)
}

/// Names, each listed once, at most `most`.
pub(crate) fn names(
    faults: &mut Faults,
    field: &str,
    most: usize,
    names: Vec<Name>,
) -> Option<Vec<text::Name>> {
    let mut seen = HashSet::new();
    faults.each(field, most, names, |faults, name| {
        let name = name.read(faults, "")?;
        once(faults, "", &mut seen, name)
    })
}
