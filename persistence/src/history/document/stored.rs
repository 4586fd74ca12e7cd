//! How a value of the domain is stored in a document, and the macro that writes both conversions.

use uuid::Uuid;

/// The stored form of a value of the domain. Both directions of [`document!`] are built from this.
pub trait Stored<T>: Sized {
    /// The stored form of a value.
    fn store(value: &T) -> Self;

    /// The value that was stored.
    fn restore(self) -> T;
}

/// Values that JSON can hold as they are.
macro_rules! stored_as_they_are {
    ($($type:ty),+) => {
        $(impl Stored<$type> for $type {
            fn store(value: &$type) -> Self {
                *value
            }

            fn restore(self) -> $type {
                self
            }
        })+
    };
}

stored_as_they_are!(bool, u32, Uuid);

impl<T, D: Stored<T>> Stored<Option<T>> for Option<D> {
    fn store(value: &Option<T>) -> Self {
        value.as_ref().map(D::store)
    }

    fn restore(self) -> Option<T> {
        self.map(D::restore)
    }
}

impl<T, D: Stored<T>> Stored<Vec<T>> for Vec<D> {
    fn store(value: &Vec<T>) -> Self {
        value.iter().map(D::store).collect()
    }

    fn restore(self) -> Vec<T> {
        self.into_iter().map(D::restore).collect()
    }
}

impl<T, D: Stored<T>> Stored<Box<T>> for Box<D> {
    fn store(value: &Box<T>) -> Self {
        Self::new(D::store(value))
    }

    fn restore(self) -> Box<T> {
        Box::new((*self).restore())
    }
}

/// Declares documents: `struct ThemeDocument of Theme { code: Text<Code>, title: Text<Title> }` is the stored form of a
/// struct, `enum ...` that of an enumeration.
///
/// Each field is named once, with its stored type. Both conversions match the domain type without `..`, so a field or a
/// case that is added to the domain does not compile until it is stored. A document with a field that it does not know
/// is rejected when it is read. The fields of a struct inside the struct can stand beside its own:
/// `[graded: Graded { score: u32, grade: Case<QualityGrade> }]`.
macro_rules! document {
    ($(
        $(#[$meta:meta])* $visibility:vis struct $name:ident of $domain:ident {
            $($(#[$before_meta:meta])* $before:ident: $before_type:ty,)*
            $([$group:ident: $inner:ident { $($(#[$inside_meta:meta])* $inside:ident: $inside_type:ty,)* }],
            $($(#[$after_meta:meta])* $after:ident: $after_type:ty,)*)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        $visibility struct $name {
            $($(#[$before_meta])* $before: $before_type,)*
            $($($(#[$inside_meta])* $inside: $inside_type,)*
            $($(#[$after_meta])* $after: $after_type,)*)?
        }

        impl $crate::history::document::Stored<$domain> for $name {
            fn store(value: &$domain) -> Self {
                let $domain { $($before,)* $($group: $inner { $($inside,)* }, $($after,)*)? } = value;
                Self {
                    $($before: $crate::history::document::Stored::store($before),)*
                    $($($inside: $crate::history::document::Stored::store($inside),)*
                    $($after: $crate::history::document::Stored::store($after),)*)?
                }
            }

            fn restore(self) -> $domain {
                $domain {
                    $($before: $crate::history::document::Stored::restore(self.$before),)*
                    $($group: $inner {
                        $($inside: $crate::history::document::Stored::restore(self.$inside),)*
                    },
                    $($after: $crate::history::document::Stored::restore(self.$after),)*)?
                }
            }
        }
    )+};
    ($(
        $(#[$meta:meta])* $visibility:vis enum $name:ident of $domain:ident {
            $($case:ident $(($content:ty))? $({ $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? })?),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case", deny_unknown_fields)]
        $visibility enum $name {
            $($case $(($content))? $({ $($(#[$field_meta])* $field: $type),+ })?),+
        }

        impl $crate::history::document::Stored<$domain> for $name {
            fn store(value: &$domain) -> Self {
                match value {
                    $(document!(@pattern $domain $case content $(($content))? $({ $($field),+ })?) => {
                        document!(@store $case content $(($content))? $({ $($field),+ })?)
                    })+
                }
            }

            fn restore(self) -> $domain {
                match self {
                    $(document!(@pattern $name $case content $(($content))? $({ $($field),+ })?) => {
                        document!(@restore $domain $case content $(($content))? $({ $($field),+ })?)
                    })+
                }
            }
        }
    )+};
    (@pattern $type:ident $case:ident $bound:ident) => { $type::$case };
    (@pattern $type:ident $case:ident $bound:ident ($content:ty)) => { $type::$case($bound) };
    (@pattern $type:ident $case:ident $bound:ident { $($field:ident),+ }) => { $type::$case { $($field),+ } };
    (@store $case:ident $bound:ident) => { Self::$case };
    (@store $case:ident $bound:ident ($content:ty)) => {
        Self::$case($crate::history::document::Stored::store($bound))
    };
    (@store $case:ident $bound:ident { $($field:ident),+ }) => {
        Self::$case { $($field: $crate::history::document::Stored::store($field)),+ }
    };
    (@restore $domain:ident $case:ident $bound:ident) => { $domain::$case };
    (@restore $domain:ident $case:ident $bound:ident ($content:ty)) => {
        $domain::$case($crate::history::document::Stored::restore($bound))
    };
    (@restore $domain:ident $case:ident $bound:ident { $($field:ident),+ }) => {
        $domain::$case { $($field: $crate::history::document::Stored::restore($field)),+ }
    };
}
pub(super) use document;
