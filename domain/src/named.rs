//! The names of plain enumerations: one list for each, from which the stored form, the wire form and the contract are
//! generated.

use std::fmt::Debug;
use std::hash::Hash;

/// An enumeration without fields whose cases have stable names, in `snake_case`. Implemented by [`crate::named!`].
pub trait Named: Copy + Debug + Eq + Hash + 'static {
    /// Every case, in the order of the contract.
    const ALL: &'static [Self];
    /// The names, in the same order.
    const NAMES: &'static [&'static str];

    /// The name of this case.
    fn name(self) -> &'static str;

    /// The case of that name.
    fn from_name(name: &str) -> Option<Self>;
}

/// Names the cases of an enumeration: `named!(Colour { Green = "green", Amber = "amber", Red = "red" })`.
///
/// The enumeration receives `ALL`, `name` and the trait [`Named`](crate::named::Named). A case that is left out does not
/// compile.
#[macro_export]
macro_rules! named {
    ($type:ty { $($case:ident = $name:literal),+ $(,)? }) => {
        impl $type {
            /// Every case, in the order of the contract.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$case),+];

            /// The stable name of this case, as it is stored and sent.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$case => $name),+
                }
            }

            /// The case of that name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$case),)+
                    _ => None,
                }
            }
        }

        impl $crate::named::Named for $type {
            const ALL: &'static [Self] = &<$type>::ALL;
            const NAMES: &'static [&'static str] = &[$($name),+];

            fn name(self) -> &'static str {
                <$type>::name(self)
            }

            fn from_name(name: &str) -> Option<Self> {
                <$type>::from_name(name)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::framework::colour::Colour;
    use crate::named::Named;

    #[test]
    fn each_name_leads_back_to_its_case_and_no_other_text_does() {
        assert_eq!(Colour::ALL.map(Colour::name), ["green", "amber", "red"]);
        assert_eq!(<Colour as Named>::NAMES, ["green", "amber", "red"]);
        assert_eq!(Colour::from_name("amber"), Some(Colour::Amber));
        assert_eq!(Colour::from_name("Amber"), None);
        assert_eq!(Colour::from_name(""), None);
    }
}
