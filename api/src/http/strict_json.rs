//! Reads JSON as the contract writes it: a struct is an object, a word is a text, an integer is a whole number.
//!
//! Serde takes more for the same types: an array of a struct's fields in their order, and `{"green": null}` for
//! `"green"`. Such a body would be believed today and mean something else once a field is added. This wraps any
//! deserializer, and what is inside it, and refuses both. On the other hand JSON knows one kind of number: `5.0` is
//! the integer 5, and is taken as such.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};

/// The largest number up to which every integer is a number of its own.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A deserializer, a seed or an access that takes objects and words in their one form.
pub(crate) struct Objects<T>(pub(crate) T);

/// A visitor that is given what is inside the same way.
struct Inside<V> {
    visitor: V,
    wanted: Wanted,
}

/// What a visitor makes, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Struct,
    Integer,
    Anything,
}

/// What is in a variant with several unnamed parts.
struct Parts<V> {
    length: usize,
    visitor: V,
}

/// What is in a variant with named fields.
struct Fields<V> {
    fields: &'static [&'static str],
    visitor: V,
}

/// A visitor of one word of a list, or of an object with one field.
struct Word<V> {
    visitor: V,
    words: &'static [&'static str],
}

/// The one field of an object that stands for a variant with content.
struct OneField<A>(A);

macro_rules! forward {
    ($wanted:expr; $($method:ident($($name:ident: $type:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($name,)* Inside { visitor, wanted: $wanted })
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    forward! { Wanted::Integer;
        deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
        deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
    }

    forward! { Wanted::Anything;
        deserialize_any(); deserialize_bool(); deserialize_f32(); deserialize_f64(); deserialize_char();
        deserialize_str(); deserialize_string(); deserialize_bytes(); deserialize_byte_buf();
        deserialize_option(); deserialize_unit(); deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str); deserialize_seq(); deserialize_tuple(length: usize);
        deserialize_tuple_struct(name: &'static str, length: usize); deserialize_map();
        deserialize_identifier(); deserialize_ignored_any();
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_struct(name, fields, Inside { visitor, wanted: Wanted::Struct })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Word { visitor, words })
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! visit {
    ($($method:ident($type:ty);)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Inside<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    visit! {
        visit_bool(bool); visit_i8(i8); visit_i16(i16); visit_i32(i32); visit_i64(i64); visit_i128(i128);
        visit_u8(u8); visit_u16(u16); visit_u32(u32); visit_u64(u64); visit_u128(u128); visit_f32(f32);
        visit_char(char); visit_str(&str); visit_borrowed_str(&'de str); visit_string(String);
        visit_bytes(&[u8]); visit_borrowed_bytes(&'de [u8]); visit_byte_buf(Vec<u8>);
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<V::Value, E> {
        let exact = number.fract() == 0.0 && number.abs() <= LARGEST_INTEGER;
        match self.wanted {
            Wanted::Integer if exact => self.visitor.visit_i64(number as i64),
            _ => self.visitor.visit_f64(number),
        }
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Objects(inner))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Objects(inner))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        if self.wanted == Wanted::Struct {
            return Err(A::Error::invalid_type(Unexpected::Seq, &self));
        }
        self.visitor.visit_seq(Objects(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Objects(fields))
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Word<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of `{}`", self.words.join("`, `"))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<V::Value, E> {
        let word: StrDeserializer<'_, E> = word.into_deserializer();
        self.visitor.visit_enum(word)
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(OneField(fields))
    }
}

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for OneField<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        match self.0.next_key_seed(seed)? {
            Some(name) => Ok((name, self)),
            None => Err(A::Error::invalid_length(0, &"an object with one field")),
        }
    }
}

impl<'de, A: MapAccess<'de>> OneField<A> {
    fn content<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<S::Value, A::Error> {
        let content = self.0.next_value_seed(Objects(seed))?;
        match self.0.next_key::<serde::de::IgnoredAny>()? {
            None => Ok(content),
            Some(_) => Err(A::Error::invalid_length(2, &"an object with one field")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for OneField<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(A::Error::invalid_type(Unexpected::Map, &"a text"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.content(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.content(Parts { length, visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.content(Fields { fields, visitor })
    }
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Parts<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_tuple(self.length, self.visitor)
    }
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_struct("", self.fields, self.visitor)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Objects(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::http::body::{JsonError, read_json};

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        inner: Inner,
        more: Option<Vec<Inner>>,
        colour: Option<Colour>,
        number: Option<serde_json::Number>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        a: u8,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        Green,
        Mixed { of: Vec<u8> },
        Shade(Inner),
    }

    fn read(text: &str) -> Outer {
        read_json(text).unwrap()
    }

    fn fault(text: &str) -> (String, String, String) {
        match read_json::<Outer>(text) {
            Err(JsonError::Unfit(fault)) => (fault.pointer.unwrap(), fault.code, fault.detail),
            other => panic!("{other:?}"),
        }
    }

    fn colour(text: &str) -> Option<Colour> {
        read(&format!(r#"{{"inner":{{"a":1}},"colour":{text}}}"#)).colour
    }

    #[test]
    fn what_is_written_as_the_contract_says_is_read() {
        let outer = read(r#"{"inner":{"a":1},"more":[{"a":2}],"number":70.50}"#);
        assert_eq!(outer.more, Some(vec![Inner { a: 2 }]));
        assert_eq!(outer.number.unwrap().as_str(), "70.50");
        assert_eq!(colour(r#""green""#), Some(Colour::Green));
        assert_eq!(colour(r#"{"mixed":{"of":[1,2]}}"#), Some(Colour::Mixed { of: vec![1, 2] }));
        assert_eq!(colour(r#"{"shade":{"a":3}}"#), Some(Colour::Shade(Inner { a: 3 })));
        assert_eq!(colour("null"), None);
    }

    #[test]
    fn a_list_is_no_object_at_any_depth() {
        for (text, place) in [
            (r#"[{"a":1},null,null,null]"#, ""),
            (r#"{"inner":[1]}"#, "/inner"),
            (r#"{"inner":{"a":1},"more":[{"a":1},[2]]}"#, "/more/1"),
            (r#"{"inner":{"a":1},"colour":{"shade":[3]}}"#, "/colour/shade"),
            (r#"{"inner":{"a":1},"colour":{"mixed":[[1]]}}"#, "/colour/mixed"),
        ] {
            let (pointer, code, detail) = fault(text);
            assert_eq!((pointer.as_str(), code.as_str()), (place, "wrong_type"), "{text}");
            assert!(detail.starts_with("found an array, expected "), "{detail}");
        }
    }

    #[test]
    fn a_word_is_a_text() {
        for text in
            [r#"{"green":null}"#, "0", "[]", r#"["green"]"#, r#"{"mixed":{"of":[]},"shade":{"a":1}}"#, "{}"]
        {
            let (pointer, _, _) = fault(&format!(r#"{{"inner":{{"a":1}},"colour":{text}}}"#));
            assert!(pointer.starts_with("/colour"), "{text}: {pointer}");
        }
        let (_, code, detail) = fault(r#"{"inner":{"a":1},"colour":7}"#);
        assert_eq!(code, "wrong_type");
        assert_eq!(detail, "found the number `7`, expected one of `green`, `mixed`, `shade`");
    }

    #[test]
    fn an_integer_is_a_whole_number() {
        assert_eq!(read(r#"{"inner":{"a":7.0}}"#).inner, Inner { a: 7 });
        assert_eq!(read(r#"{"inner":{"a":2e2}}"#).inner, Inner { a: 200 });
        for text in ["7.5", "-1.0", "256.0", "1e300", "\"7\""] {
            let (pointer, _, _) = fault(&format!(r#"{{"inner":{{"a":{text}}}}}"#));
            assert_eq!(pointer, "/inner/a", "{text}");
        }
    }
}
