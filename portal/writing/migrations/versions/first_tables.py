"""The first tables.

Written for SQLite and PostgreSQL alike. Besides the tables: the operation log refuses changes by itself, so that whoever
wants to rewrite it must first remove the triggers, which the hash chain and its anchors then show anyway.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, the head of the empty log, and the triggers that guard the log."""
    _account()
    _clock()
    _counter()
    _letter()
    _operation_log()
    _operation_log_head()
    _rating()
    _spent_proof()
    _subscription()
    _throttle()
    _account_grant()
    _alert_handling()
    _approval()
    _clock_pause()
    _external_identity()
    _known_source()
    _one_time_token()
    _public_case()
    _reply_template()
    _signed_in()
    _case_message()
    _case_picture()
    _case_original()
    head = sa.table("operation_log_head", sa.column("id"), sa.column("sequence"), sa.column("hash"))
    op.execute(head.insert().values(id=1, sequence=0, hash="0" * 64))
    if op.get_bind().dialect.name == "sqlite":
        _guard_log_on_sqlite()
    else:
        _guard_log_on_postgresql()


def _guard_log_on_sqlite() -> None:
    for action in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER operation_log_no_{action.lower()} BEFORE {action} ON operation_log "
            "BEGIN SELECT RAISE(ABORT, 'the operation log is append-only'); END"
        )


def _guard_log_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION operation_log_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the operation log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER operation_log_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON operation_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION operation_log_refuse()"
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_sealed", sa.String(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("person_key", sa.String(), nullable=True),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_account_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("person_key", name=op.f("uq_account_person_key")),
    )
    op.create_index(op.f("ix_account_created_by"), "account", ["created_by"], unique=False)


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("rule_version", sa.String(), nullable=False),
        sa.Column("day_zero", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.CheckConstraint("subject_kind IN ('case', 'alert')", name=op.f("ck_clock_subject_kind_known")),
        sa.CheckConstraint(
            "stopped_on IS NULL OR stopped_on >= day_zero", name=op.f("ck_clock_stops_after_start")
        ),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_clock_working_days_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        sa.UniqueConstraint(
            "subject_kind", "subject_id", "step", name=op.f("uq_clock_subject_kind_subject_id_step")
        ),
    )
    op.create_index(op.f("ix_clock_due_on"), "clock", ["due_on"], unique=False)


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("once_key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("leave_token", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("once_key", name=op.f("uq_letter_once_key")),
    )
    op.create_index("ix_letter_sent_at_claimed_until", "letter", ["sent_at", "claimed_until"], unique=False)


def _operation_log() -> None:
    op.create_table(
        "operation_log",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_operation_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_operation_log_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_operation_log_previous_hash")),
    )
    op.create_index(op.f("ix_operation_log_actor_id"), "operation_log", ["actor_id"], unique=False)
    op.create_index(op.f("ix_operation_log_at"), "operation_log", ["at"], unique=False)


def _operation_log_head() -> None:
    op.create_table(
        "operation_log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_operation_log_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_log_head")),
    )


def _rating() -> None:
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("region_path", sa.String(), nullable=False),
        sa.Column("person_key", sa.String(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("usefulness", sa.Integer(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.Column("progress", sa.Integer(), nullable=True),
        sa.Column("openness", sa.Integer(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("openness BETWEEN 1 AND 5", name=op.f("ck_rating_openness_range")),
        sa.CheckConstraint("overall BETWEEN 1 AND 5", name=op.f("ck_rating_overall_range")),
        sa.CheckConstraint("progress BETWEEN 1 AND 5", name=op.f("ck_rating_progress_range")),
        sa.CheckConstraint("quality BETWEEN 1 AND 5", name=op.f("ck_rating_quality_range")),
        sa.CheckConstraint("usefulness BETWEEN 1 AND 5", name=op.f("ck_rating_usefulness_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("project_id", "person_key", name=op.f("uq_rating_project_id_person_key")),
    )
    op.create_index(op.f("ix_rating_project_id"), "rating", ["project_id"], unique=False)
    op.create_index(op.f("ix_rating_unit_id"), "rating", ["unit_id"], unique=False)


def _spent_proof() -> None:
    op.create_table(
        "spent_proof",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_proof")),
    )
    op.create_index(op.f("ix_spent_proof_expires_at"), "spent_proof", ["expires_at"], unique=False)


def _subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("address_digest", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("confirm_digest", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('project', 'region', 'unit', 'search', 'case')", name=op.f("ck_subscription_kind_known")
        ),
        sa.CheckConstraint(
            "state <> 'left' OR address IS NULL", name=op.f("ck_subscription_left_means_erased")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'active', 'left')", name=op.f("ck_subscription_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint(
            "address_digest", "kind", "target", name=op.f("uq_subscription_address_digest_kind_target")
        ),
    )
    op.create_index(op.f("ix_subscription_confirm_digest"), "subscription", ["confirm_digest"], unique=False)


def _throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("window_ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_index("ix_throttle_window_ends_at", "throttle", ["window_ends_at"], unique=False)


def _account_grant() -> None:
    op.create_table(
        "account_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("clearance", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=True),
        sa.Column("region_code", sa.String(), nullable=True),
        sa.Column("sector", sa.String(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('citizen', 'media', 'deputy', 'official', 'finance', 'supervision', 'auditor', 'administrator')",
            name=op.f("ck_account_grant_role_known"),
        ),
        sa.CheckConstraint("clearance BETWEEN 1 AND 12", name=op.f("ck_account_grant_clearance_range")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_account_grant_ended_by")),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name=op.f("fk_account_grant_granted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_grant")),
    )
    op.create_index(op.f("ix_account_grant_account_id"), "account_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_account_grant_ended_by"), "account_grant", ["ended_by"], unique=False)
    op.create_index(op.f("ix_account_grant_granted_by"), "account_grant", ["granted_by"], unique=False)


def _alert_handling() -> None:
    op.create_table(
        "alert_handling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("region_path", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("explained_by", sa.Integer(), nullable=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'explained', 'planned', 'closed')",
            name=op.f("ck_alert_handling_status_known"),
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_alert_handling_closed_by")),
        sa.ForeignKeyConstraint(
            ["explained_by"], ["account.id"], name=op.f("fk_alert_handling_explained_by")
        ),
        sa.ForeignKeyConstraint(["planned_by"], ["account.id"], name=op.f("fk_alert_handling_planned_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_handling")),
        sa.UniqueConstraint("alert_id", name=op.f("uq_alert_handling_alert_id")),
    )
    op.create_index(op.f("ix_alert_handling_closed_by"), "alert_handling", ["closed_by"], unique=False)
    op.create_index(op.f("ix_alert_handling_explained_by"), "alert_handling", ["explained_by"], unique=False)
    op.create_index(op.f("ix_alert_handling_planned_by"), "alert_handling", ["planned_by"], unique=False)
    op.create_index(op.f("ix_alert_handling_unit_id"), "alert_handling", ["unit_id"], unique=False)


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by IS NOT NULL", name=op.f("ck_approval_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'dropped')", name=op.f("ck_approval_state_known")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> author_id", name=op.f("ck_approval_second_person")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_approval_author_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_approval_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_author_id"), "approval", ["author_id"], unique=False)
    op.create_index(op.f("ix_approval_decided_by"), "approval", ["decided_by"], unique=False)
    op.create_index(
        "uq_approval_open",
        "approval",
        ["subject_kind", "subject_key"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'submitted')"),
        postgresql_where=sa.text("state IN ('draft', 'submitted')"),
    )


def _clock_pause() -> None:
    op.create_table(
        "clock_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_clock_pause_has_reason")),
        sa.CheckConstraint(
            "until_on IS NULL OR until_on >= from_on", name=op.f("ck_clock_pause_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_clock_pause_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_pause")),
    )
    op.create_index(op.f("ix_clock_pause_clock_id"), "clock_pause", ["clock_id"], unique=False)
    op.create_index(
        "uq_clock_pause_open",
        "clock_pause",
        ["clock_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )


def _external_identity() -> None:
    op.create_table(
        "external_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_external_identity_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_identity_issuer_subject")),
    )
    op.create_index(
        op.f("ix_external_identity_account_id"), "external_identity", ["account_id"], unique=False
    )


def _known_source() -> None:
    op.create_table(
        "known_source",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("source_digest", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_known_source_account_id")),
        sa.PrimaryKeyConstraint("account_id", "source_digest", name=op.f("pk_known_source")),
    )


def _one_time_token() -> None:
    op.create_table(
        "one_time_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_token_purpose_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_one_time_token_digest")),
    )
    op.create_index(op.f("ix_one_time_token_account_id"), "one_time_token", ["account_id"], unique=False)
    op.create_index(op.f("ix_one_time_token_expires_at"), "one_time_token", ["expires_at"], unique=False)


def _public_case() -> None:
    op.create_table(
        "public_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("lookup_digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("wants_listing", sa.Boolean(), nullable=False),
        sa.Column("project_id", sa.String(), nullable=True),
        sa.Column("figure", sa.String(), nullable=True),
        sa.Column("release_number", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("sector", sa.String(), nullable=False),
        sa.Column("region_path", sa.String(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reply_rating", sa.Integer(), nullable=True),
        sa.Column("reopened_count", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("corrected_in_release", sa.Integer(), nullable=True),
        sa.Column("spam_hints", sa.String(), nullable=False),
        sa.Column("form_key", sa.String(), nullable=True),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("finding IN ('confirmed', 'no_error')", name=op.f("ck_public_case_finding_known")),
        sa.CheckConstraint(
            "kind IN ('question', 'complaint', 'suggestion', 'wrong_number', 'disclosure_request', 'inquiry')",
            name=op.f("ck_public_case_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'assigned', 'working', 'paused', 'in_review', 'answered', 'closed', 'refused', 'withdrawn')",
            name=op.f("ck_public_case_status_known"),
        ),
        sa.CheckConstraint(
            "reopened_count BETWEEN 0 AND 1", name=op.f("ck_public_case_reopened_count_range")
        ),
        sa.CheckConstraint("reply_rating BETWEEN 1 AND 5", name=op.f("ck_public_case_reply_rating_range")),
        sa.ForeignKeyConstraint(["asker_id"], ["account.id"], name=op.f("fk_public_case_asker_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name=op.f("fk_public_case_assignee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_case")),
        sa.UniqueConstraint("form_key", name=op.f("uq_public_case_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_public_case_number")),
    )
    op.create_index(op.f("ix_public_case_asker_id"), "public_case", ["asker_id"], unique=False)
    op.create_index(op.f("ix_public_case_assignee_id"), "public_case", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_public_case_project_id"), "public_case", ["project_id"], unique=False)
    op.create_index(op.f("ix_public_case_text_digest"), "public_case", ["text_digest"], unique=False)
    op.create_index("ix_public_case_unit_id_status", "public_case", ["unit_id", "status"], unique=False)


def _reply_template() -> None:
    op.create_table(
        "reply_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_reply_template_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sa.UniqueConstraint("unit_id", "title", name=op.f("uq_reply_template_unit_id_title")),
    )
    op.create_index(op.f("ix_reply_template_author_id"), "reply_template", ["author_id"], unique=False)


def _signed_in() -> None:
    op.create_table(
        "signed_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("account_epoch", sa.Integer(), nullable=False),
        sa.Column("has_second_factor", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signed_in_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_signed_in_token_digest")),
    )
    op.create_index(op.f("ix_signed_in_account_id"), "signed_in", ["account_id"], unique=False)


def _case_message() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_label", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "audience IN ('everyone', 'asker', 'office')", name=op.f("ck_case_message_audience_known")
        ),
        sa.CheckConstraint(
            "kind IN ('opened', 'supplement', 'note', 'accepted', 'transfer', 'claim', 'hand_back', 'pause', 'resume', 'review', 'sent_back', 'reply', 'rating', 'reopened', 'refusal', 'restored', 'withdrawal', 'finding', 'correction', 'escalation', 'closed')",
            name=op.f("ck_case_message_kind_known"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_case_message_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["public_case.id"], name=op.f("fk_case_message_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
        sa.UniqueConstraint("case_id", "sequence", name=op.f("uq_case_message_case_id_sequence")),
    )
    op.create_index(op.f("ix_case_message_author_id"), "case_message", ["author_id"], unique=False)
    op.create_index(op.f("ix_case_message_case_id"), "case_message", ["case_id"], unique=False)


def _case_picture() -> None:
    op.create_table(
        "case_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "audience IN ('everyone', 'asker', 'office')", name=op.f("ck_case_picture_audience_known")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["public_case.id"], name=op.f("fk_case_picture_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_picture")),
    )
    op.create_index(op.f("ix_case_picture_case_id"), "case_picture", ["case_id"], unique=False)
    op.create_index(op.f("ix_case_picture_digest"), "case_picture", ["digest"], unique=False)


def _case_original() -> None:
    op.create_table(
        "case_original",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["case_message.id"], name=op.f("fk_case_original_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_case_original")),
    )
