//! The router: which page answers which address.

use crate::components::{footer::Footer, nav::Nav};
use crate::context::Failure;
use crate::pages::{
    change_requests::ChangeRequestsPage,
    claim::ClaimPage,
    contributor::ContributorPage,
    contributors::ContributorsPage,
    edit_idea::EditIdeaPage,
    edit_spec::EditSpecPage,
    error::{NotFound, described},
    gate_run::GateRunPage,
    gates::GatesPage,
    governance::GovernancePage,
    idea::IdeaPage,
    imports::ImportsPage,
    link::LinkPage,
    links::LinksPage,
    new_link::NewLinkPage,
    new_spec::NewSpecPage,
    one_request::OneRequestPage,
    overview::OverviewPage,
    payout::PayoutPage,
    sign_in::SignInPage,
    spec::SpecPage,
    specs::SpecsPage,
    trace::TracePage,
    unit::UnitPage,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The application: what stands around every page, and the pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Nav/>
            <main id="main" tabindex="-1">{content()}</main>
            <Footer/>
        </Router>
    }
}

/// The page of the address, or what went wrong before it could be asked.
fn content() -> AnyView {
    if let Some(Failure(told)) = use_context::<Failure>() {
        return described(&told);
    }
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=OverviewPage ssr=SsrMode::Async/>
            <Route path=path!("/links") view=LinksPage ssr=SsrMode::Async/>
            <Route path=path!("/links/new") view=NewLinkPage ssr=SsrMode::Async/>
            <Route path=path!("/links/:id") view=LinkPage ssr=SsrMode::Async/>
            <Route path=path!("/links/:id/payout") view=PayoutPage ssr=SsrMode::Async/>
            <Route path=path!("/specs") view=SpecsPage ssr=SsrMode::Async/>
            <Route path=path!("/specs/new") view=NewSpecPage ssr=SsrMode::Async/>
            <Route path=path!("/specs/:id") view=SpecPage ssr=SsrMode::Async/>
            <Route path=path!("/specs/:id/edit") view=EditSpecPage ssr=SsrMode::Async/>
            <Route path=path!("/ideas/:id") view=IdeaPage ssr=SsrMode::Async/>
            <Route path=path!("/ideas/:id/edit") view=EditIdeaPage ssr=SsrMode::Async/>
            <Route path=path!("/governance/change-requests") view=ChangeRequestsPage ssr=SsrMode::Async/>
            <Route path=path!("/governance") view=GovernancePage ssr=SsrMode::Async/>
            <Route path=path!("/imports") view=ImportsPage ssr=SsrMode::Async/>
            <Route path=path!("/units/:id") view=UnitPage ssr=SsrMode::Async/>
            <Route path=path!("/claims/:slug") view=ClaimPage ssr=SsrMode::Async/>
            <Route path=path!("/trace/:kind/:slug") view=TracePage ssr=SsrMode::Async/>
            <Route path=path!("/contributors") view=ContributorsPage ssr=SsrMode::Async/>
            <Route path=path!("/contributors/:handle") view=ContributorPage ssr=SsrMode::Async/>
            <Route path=path!("/governance/change-requests/:id") view=OneRequestPage ssr=SsrMode::Async/>
            <Route path=path!("/gates") view=GatesPage ssr=SsrMode::Async/>
            <Route path=path!("/gates/runs/:id") view=GateRunPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
        </Routes>
    }
    .into_any()
}
