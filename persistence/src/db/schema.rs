//! The tables as Diesel knows them; the migrations of both engines make them so.

use diesel::{allow_tables_to_appear_in_same_query, table};

table! {
    clients (id) {
        id -> Binary,
        name -> Text,
        secret_hash -> Text,
        grants -> Text,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    idempotency (client, operation, idempotency_key) {
        client -> Text,
        operation -> Text,
        idempotency_key -> Text,
        body_hash -> Binary,
        holder -> Binary,
        started_at -> BigInt,
        expires_at -> BigInt,
        status -> Nullable<Integer>,
        content_type -> Nullable<Text>,
        headers -> Nullable<Text>,
        body -> Nullable<Binary>,
    }
}

table! {
    organisations (id) {
        id -> Binary,
        code -> Text,
        version -> BigInt,
        submission_id -> Nullable<Binary>,
        submitted_at -> Nullable<BigInt>,
        submitted_versions -> BigInt,
    }
}

table! {
    indicators (id) {
        id -> Binary,
        organisation_id -> Binary,
        code -> Text,
    }
}

table! {
    plans (id) {
        id -> Binary,
        organisation_id -> Binary,
        code -> Text,
    }
}

table! {
    measures (id) {
        id -> Binary,
        organisation_id -> Binary,
        plan_id -> Binary,
        indicator_id -> Binary,
        code -> Text,
    }
}

table! {
    revisions (entity_id, revision) {
        entity_id -> Binary,
        revision -> BigInt,
        organisation_id -> Binary,
        kind -> Text,
        recorded_at -> BigInt,
        author -> Text,
        roles -> Text,
        request_id -> Text,
        document -> Text,
    }
}

allow_tables_to_appear_in_same_query!(indicators, measures);
allow_tables_to_appear_in_same_query!(organisations, revisions);
allow_tables_to_appear_in_same_query!(indicators, revisions);
allow_tables_to_appear_in_same_query!(plans, revisions);
allow_tables_to_appear_in_same_query!(measures, revisions);

table! {
    plan_items (organisation_id, id) {
        organisation_id -> Binary,
        id -> Binary,
        plan_id -> Binary,
        kind -> Text,
        item_key -> Text,
    }
}

table! {
    submissions (organisation_id, id) {
        organisation_id -> Binary,
        id -> Binary,
        received_at -> BigInt,
        author -> Text,
        roles -> Text,
        request_id -> Text,
        format -> Text,
        mode -> Text,
        created -> BigInt,
        superseded -> BigInt,
        unchanged -> BigInt,
        rejected -> BigInt,
        label -> Nullable<Text>,
    }
}

table! {
    rejected_rows (organisation_id, submission_id, row_number) {
        organisation_id -> Binary,
        submission_id -> Binary,
        row_number -> BigInt,
        document -> Text,
    }
}

table! {
    large_pushes (organisation_id, id) {
        organisation_id -> Binary,
        id -> Binary,
        received_at -> BigInt,
        author -> Text,
        roles -> Text,
        request_id -> Text,
        format -> Text,
        mode -> Text,
        validate_only -> Bool,
        bytes -> BigInt,
        state -> Text,
        attempts -> BigInt,
        cancellation_asked -> Bool,
        seen_at -> BigInt,
        step_began_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        progress -> Text,
        outcome -> Nullable<Text>,
        label -> Nullable<Text>,
    }
}

table! {
    refused_rows (organisation_id, push_id, row_number) {
        organisation_id -> Binary,
        push_id -> Binary,
        row_number -> BigInt,
        document -> Text,
    }
}

table! {
    results (organisation_id, id) {
        organisation_id -> Binary,
        id -> Binary,
        indicator_id -> Binary,
        period -> Text,
        period_first -> Date,
        period_last -> Date,
        breakdown -> Text,
        component -> Text,
        definition_version -> Integer,
        value -> Nullable<Text>,
        numerator -> Nullable<Text>,
        denominator -> Nullable<Text>,
        unread -> Nullable<Text>,
        unread_reason -> Nullable<Text>,
        standing -> Text,
        quality -> Nullable<Text>,
        note -> Nullable<Text>,
        is_baseline -> Bool,
        submission_id -> Binary,
        recorded_at -> BigInt,
        superseded_at -> Nullable<BigInt>,
    }
}

table! {
    judgements (organisation_id, measure_id, id) {
        organisation_id -> Binary,
        measure_id -> Binary,
        id -> Binary,
        recorded_at -> BigInt,
        author -> Text,
        roles -> Text,
        request_id -> Text,
        document -> Text,
    }
}

allow_tables_to_appear_in_same_query!(judgements, measures);
allow_tables_to_appear_in_same_query!(large_pushes, submissions);
allow_tables_to_appear_in_same_query!(plan_items, revisions);
