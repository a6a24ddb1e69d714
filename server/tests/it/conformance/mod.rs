//! What every store must do, run on SQLite and on Postgres alike.

mod changes;
mod command;
mod concurrency;
mod contributions;
mod gates;
mod governance;
mod migrations;
mod reads;
mod registry;
mod registry_races;
mod transcript;
mod writes;

use crate::given::{Database, FixedSource, LINK, unreachable_gates};
use domain::{
    error::Error,
    event::UsageEvent,
    id::LinkId,
    input::Node,
    ledger::Actor,
    link::LineageLink,
    record::{self, Context},
    store::{Store, Written},
};
use server::{auth::Auth, state::AppState};
use std::sync::Arc;

/// Runs each law on a fresh database of either kind.
macro_rules! on_both {
    ($($module:ident: $($law:ident),+;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $law() {
                    super::$module::$law(crate::given::Database::sqlite()).await;
                }
            )+)+
        }
        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread")]
                async fn $law() {
                    crate::given::on_postgres(super::$module::$law).await;
                }
            )+)+
        }
    };
}

on_both! {
    writes: a_link_is_kept_with_every_field, the_largest_link_is_kept, an_event_moves_every_total_of_its_link,
        what_is_refused_leaves_nothing, an_answer_is_remembered_under_its_key,
        what_the_database_refuses_fails_alone, a_poisoned_batch_spares_the_others;
    reads: every_sort_pages_through_all_once, search_finds_every_word_anywhere, events_come_newest_first,
        days_are_of_utc_and_oldest_first, totals_are_of_everything, recent_events_are_those_that_arrived_last;
    concurrency: many_writers_at_once_lose_nothing, writers_at_once_share_transactions, two_servers_on_one_database_agree,
        verify_is_clean_while_writes_go_on, a_closed_store_says_that_it_is_not_available;
    contributions: units_in_steps_or_at_once_come_to_the_same, repositories_in_any_order_come_to_the_same,
        dropped_and_derived_again_it_is_the_same_to_the_byte,
        a_decision_comes_to_what_deriving_everything_comes_to,
        a_decision_about_very_many_units_lets_others_write_between, what_does_not_continue_what_is_kept_is_refused,
        a_revert_by_number_ends_the_change_of_that_number, a_change_of_which_not_all_lines_are_counted_says_so,
        a_merge_of_identities_is_undone_without_loss, a_principal_holds_from_its_time_until_the_next,
        merges_are_proposed_by_address_by_handle_and_by_mailmap,
        a_principal_that_is_merged_takes_the_work_of_its_agents_along,
        neither_its_source_nor_its_principal_are_others_that_cite_a_claim,
        decisions_that_cannot_be_are_refused_with_what_to_do,
        a_revert_ends_credits_and_its_own_revert_restores_them,
        reverts_of_all_that_was_before_are_kept_up_to_a_hundred,
        citations_lead_to_what_stands_and_outcomes_follow, a_challenge_counts_by_what_became_of_it,
        a_challenge_shows_by_what_others_made_of_its_target, a_claim_keeps_its_makers_under_another_name,
        whoever_is_decided_to_be_an_author_is_found_in_what_sources_say,
        what_cites_keeps_its_makers_when_it_is_moved, what_was_read_is_paged_through_once,
        events_are_taken_while_a_history_is_kept;
    changes: changes_are_told_in_order_and_once, what_is_committed_late_is_told_all_the_same,
        who_comes_back_misses_nothing;
    command: the_command_serves_and_verifies_it;
    gates: reports_are_kept_whole_and_paged_newest_first, what_is_to_be_told_is_claimed_once_and_goes_when_done,
        what_gates_filed_is_removed_and_nothing_else_is,
        reports_about_unknown_commits_are_kept_up_to_a_number;
    governance: subjects_weigh_what_their_standing_flags_do, one_of_the_same_flags_at_once_stands,
        a_veto_then_its_undoing_restores_every_total, a_use_counts_once_however_many_tell_of_it,
        the_same_governance_gives_the_same_bytes,
        links_that_were_filed_before_are_known_to_name_claims_by_the_migration;
    migrations: migrations_are_applied_once, a_filled_database_is_migrated_as_it_is,
        a_database_that_lags_behind_is_not_ready;
    registry: a_link_s_spec_and_idea_are_there_as_stubs, what_is_registered_is_kept_with_every_field,
        registering_fills_a_stub_and_keeps_its_totals, every_sort_of_specs_pages_through_all_once,
        random_traffic_leaves_every_total_of_a_spec_as_its_links_say, a_gate_s_links_count_nowhere,
        specs_are_found_by_the_commits_that_they_name, links_of_a_spec_are_read_to_the_oldest, whoever_links_name_finds_them_newest_first,
        links_that_were_filed_before_get_their_stubs_by_the_migration,
        returns_beyond_any_column_are_sorted_as_the_domain_says;
    registry_races: one_of_many_editors_at_once_wins, one_of_many_registrations_at_once_wins,
        votes_at_once_apply_once;
    transcript: the_same_operations_give_the_same_bytes, the_same_registry_gives_the_same_bytes;
}

/// A store with a clock and ids of its own.
#[derive(Clone)]
struct Given {
    state: AppState,
    source: Arc<FixedSource>,
}

impl Given {
    async fn on(database: &Database) -> Self {
        let source = Arc::new(FixedSource::new());
        Self {
            state: AppState::new(database.open().await, Auth::Open, source.clone(), unreachable_gates()),
            source,
        }
    }

    fn store(&self) -> &dyn Store {
        &*self.state.store
    }

    fn context(&self, key: Option<&str>) -> Context {
        self.state.context(Actor::anonymous(), key.map(str::to_owned))
    }

    async fn try_link(&self, body: &str, key: Option<&str>) -> Result<Written<LineageLink>, Error> {
        record::file_link(self.store(), self.context(key), &node(body)).await
    }

    async fn link(&self, body: &str) -> LineageLink {
        self.try_link(body, None).await.expect("a link").made
    }

    async fn seed(&self) -> LinkId {
        self.link(LINK).await.id
    }

    async fn try_event(
        &self,
        link: LinkId,
        body: &str,
        key: Option<&str>,
    ) -> Result<Written<UsageEvent>, Error> {
        record::append_event(self.store(), self.context(key), link, &node(body)).await
    }

    async fn event(&self, link: LinkId, body: &str) -> UsageEvent {
        self.try_event(link, body, None).await.expect("an event").made
    }

    async fn assert_verified(&self) {
        assert_eq!(self.store().verify().await.expect("a verification").differences, []);
    }
}

fn node(body: &str) -> Node {
    Node::from_json(body.as_bytes()).expect("JSON")
}

/// An event's body.
fn event(source: &str, value: &str, more: &str) -> String {
    format!(r#"{{"source": "{source}", "metric": "calls", "value": {value}{more}}}"#)
}
