import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import ml4rs.accounts.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('editions', '0001_initial'),
        ('submissions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AssignmentRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('parameters', models.JSONField(default=dict)),
                ('figures', models.JSONField(default=dict, help_text='Total, worst paper, loads, what is missing and why')),
                ('pairs', models.JSONField(default=list, help_text='[[submission id, reviewer id, score, reason, next best reviewer id, its cost], ...]')),
                ('scores', models.BinaryField(default=bytes, help_text='Of all pairs, as reviews.proposing.scores packs them')),
                ('mails', models.CharField(blank=True, help_text='The batch of its mails, while they are held', max_length=12)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('applied', 'Applied'), ('discarded', 'Discarded')], default='proposed', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignment_runs', to='editions.edition')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('committee_votes', models.BooleanField(default=False, help_text='Members of the committee vote as well, once decisions are released')),
                ('state', models.CharField(choices=[('preparing', 'Candidates are chosen'), ('voting', 'Voting is open'), ('closed', 'Voting is closed'), ('announced', 'Announced')], default='preparing', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('announced_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='editions.edition')),
                ('track', models.ForeignKey(blank=True, help_text='Empty: papers of all', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editions.track')),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'name'), name='award_name_unique_in_edition'), models.CheckConstraint(condition=models.Q(models.Q(('announced_at__isnull', False), ('state', 'announced')), models.Q(models.Q(('state', 'announced'), _negated=True), ('announced_at__isnull', True)), _connector='OR'), name='award_announced_at_iff_announced')],
            },
        ),
        migrations.CreateModel(
            name='BulkChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('steps', models.JSONField(help_text='[{action, paper, ...what was before}, ...] by public ids, in their order')),
                ('applied_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('applied_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bulk_changes', to='editions.edition')),
            ],
            options={
                'ordering': ['-applied_at'],
            },
        ),
        migrations.CreateModel(
            name='Capacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('presentation', models.CharField(choices=[('oral', 'Oral'), ('spotlight', 'Spotlight'), ('poster', 'Poster'), ('slide', 'Slide'), ('demo', 'Demo')], max_length=10)),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('minutes', models.PositiveSmallIntegerField(blank=True, help_text='In all', null=True)),
                ('minutes_each', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacities', to='editions.edition')),
            ],
            options={
                'verbose_name_plural': 'capacities',
                'constraints': [models.UniqueConstraint(fields=('edition', 'presentation'), name='capacity_unique_in_edition'), models.CheckConstraint(condition=models.Q(models.Q(('minutes__isnull', True), ('minutes_each__isnull', True), ('places__isnull', False)), models.Q(('minutes__isnull', False), ('minutes_each__gte', 1), ('minutes_each__isnull', False), ('places__isnull', True)), _connector='OR'), name='capacity_in_places_or_minutes')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('author', 'Is an author'), ('declared', 'Declared by the person'), ('by_author', 'Declared by an author'), ('coauthor', 'Writes with an author'), ('domain', 'Same e-mail domain as an author'), ('institution', 'Same institution as an author'), ('published', 'Published with an author'), ('by_organiser', 'Set by an organiser')], max_length=15)),
                ('evidence', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('dismissed_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='submissions.submission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['submission', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('user', 'submission', 'kind'), name='conflict_unique'), models.CheckConstraint(condition=models.Q(('confirmed_at__isnull', True), ('dismissed_at__isnull', True), _connector='OR'), name='conflict_not_both_confirmed_and_dismissed')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('accepted', 'Accepted'), ('rejected', 'Not accepted')], max_length=10)),
                ('presentation', models.CharField(blank=True, choices=[('oral', 'Oral'), ('spotlight', 'Spotlight'), ('poster', 'Poster'), ('slide', 'Slide'), ('demo', 'Demo')], max_length=10)),
                ('comment', models.TextField(blank=True, help_text='To the authors')),
                ('conditions', models.TextField(blank=True, help_text='What must change before the paper is published')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('held', 'Held back'), ('released', 'Released')], default='draft', max_length=10)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('decided_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='submissions.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', False), ('state', 'released')), models.Q(models.Q(('state', 'released'), _negated=True), ('released_at__isnull', True)), _connector='OR'), name='decision_released_at_iff_released'), models.CheckConstraint(condition=models.Q(('outcome', 'accepted'), ('presentation', ''), _connector='OR'), name='decision_presentation_only_if_accepted'), models.CheckConstraint(condition=models.Q(('outcome', 'accepted'), ('conditions', ''), _connector='OR'), name='decision_conditions_only_if_accepted')],
            },
        ),
        migrations.CreateModel(
            name='Discussion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='discussion', to='submissions.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(help_text='A name or an address', max_length=200)),
                ('reason', models.CharField(max_length=200)),
                ('named_at', models.DateTimeField()),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exclusions', to='submissions.submission')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'line'), name='exclusion_once_per_paper')],
            },
        ),
        migrations.CreateModel(
            name='Form',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_forms', to='editions.track')),
            ],
            options={
                'ordering': ['track', '-version'],
                'constraints': [models.UniqueConstraint(fields=('track', 'version'), name='form_version_unique_per_track')],
            },
        ),
        migrations.CreateModel(
            name='JournalCandidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article_type', models.CharField(blank=True, max_length=100)),
                ('state', models.CharField(choices=[('invited', 'Invited, no answer'), ('going', 'Will submit'), ('declined', 'Will not submit'), ('submitted', 'Submitted to the journal'), ('published', 'Published there'), ('rejected', 'Not taken by the journal')], default='invited', max_length=10)),
                ('invited_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='journal_candidate', to='submissions.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['going', 'declined']), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='journal_answer_has_time')],
            },
        ),
        migrations.CreateModel(
            name='JournalStream',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='Of the journal', max_length=200)),
                ('portal_url', models.URLField(help_text='Where authors submit')),
                ('article_types', models.JSONField(blank=True, default=list, help_text='Kinds of articles that it takes')),
                ('instructions', models.TextField(blank=True, help_text='To invited authors; Markdown')),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='journal_stream', to='editions.edition')),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, help_text='As its authors see it in their form; Markdown')),
                ('sent_text', models.TextField(blank=True, help_text='As everybody else reads it')),
                ('updated_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Counts every save, so that two tabs notice')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='response', to='submissions.submission')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', True), ('sent_text', '')), models.Q(models.Q(('sent_text', ''), _negated=True), ('sent_at__isnull', False)), _connector='OR'), name='response_sent_has_text_and_time')],
            },
        ),
        migrations.CreateModel(
            name='Reviewer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('email', models.EmailField(help_text='Where the invitation went; lower case', max_length=254)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('affiliation', models.CharField(blank=True, max_length=200)),
                ('token_hash', models.CharField(blank=True, help_text="SHA-256 of the invitation's secret", max_length=64)),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('removed', 'Removed')], default='invited', max_length=10)),
                ('load', models.PositiveSmallIntegerField(default=4, help_text='Most papers this person will review')),
                ('steps_in', models.BooleanField(default=False, help_text='Takes a paper on short notice when a reviewer drops out')),
                ('is_senior', models.BooleanField(default=False, help_text='Counts where each paper needs somebody experienced')),
                ('decline_reason', models.TextField(blank=True)),
                ('suggestion', models.CharField(blank=True, help_text='Somebody else to ask', max_length=300)),
                ('profile', models.TextField(blank=True, help_text='Expertise in own words, for matching')),
                ('conflict_lines', models.TextField(blank=True, help_text='People, addresses, domains and institutions this person is close to, one a line')),
                ('show_publicly', models.BooleanField(default=True, help_text='Named on the committee page')),
                ('conflicts_declared_at', models.DateTimeField(blank=True, null=True)),
                ('invited_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviewers', to='editions.edition')),
                ('topics', models.ManyToManyField(blank=True, related_name='reviewers', to='editions.topic')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='committee_memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'email'), name='reviewer_address_unique_in_edition'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('edition', 'user'), name='reviewer_person_unique_in_edition'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('user__isnull', False), _connector='OR'), name='reviewer_accepted_has_user'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'invited')), models.Q(models.Q(('state', 'invited'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='reviewer_answered_at_iff_answered')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('query', models.TextField(help_text='As in the address of the page')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='editions.edition')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'owner', 'name'), name='saved_view_name_unique_per_owner')],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(help_text='SHA-256 of the content', max_length=64)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='editions.edition')),
                ('taken_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-taken_at'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=30)),
                ('audience', models.CharField(choices=[('organisers', 'Organisers'), ('committee', 'Organisers, and reviewers on their papers'), ('private', 'Myself only')], default='organisers', max_length=10)),
                ('tone', models.CharField(choices=[('quiet', 'Grey'), ('info', 'Blue'), ('good', 'Green'), ('warn', 'Amber'), ('bad', 'Red')], default='quiet', max_length=5)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='editions.edition')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(models.F('edition'), django.db.models.functions.text.Lower('name'), condition=models.Q(('owner__isnull', True)), name='tag_name_unique_in_edition'), models.UniqueConstraint(models.F('edition'), models.F('owner'), django.db.models.functions.text.Lower('name'), condition=models.Q(('owner__isnull', False)), name='tag_name_unique_for_owner'), models.CheckConstraint(condition=models.Q(models.Q(('audience', 'private'), ('name__startswith', '~'), ('owner__isnull', False)), models.Q(models.Q(('audience', 'private'), _negated=True), ('owner__isnull', True), models.Q(('name__startswith', '~'), _negated=True)), _connector='OR'), name='tag_private_iff_owned')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(choices=[('active', 'Active'), ('declined', 'Declined by the reviewer'), ('removed', 'Removed')], default='active', max_length=10)),
                ('pseudonym', models.CharField(help_text='A letter: Reviewer A', max_length=2)),
                ('reason', models.CharField(blank=True, help_text='Why this pair, for organisers', max_length=300)),
                ('decline_reason', models.TextField(blank=True)),
                ('due_at', models.DateTimeField(blank=True, help_text='A date of its own, where the review is urgent; empty: as for others', null=True)),
                ('created_at', models.DateTimeField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='submissions.submission')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='assignments', to='reviews.assignmentrun')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='reviews.reviewer')),
            ],
            options={
                'ordering': ['submission', 'pseudonym'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('submission', 'reviewer'), name='assignment_one_active_per_pair'), models.UniqueConstraint(fields=('submission', 'pseudonym'), name='assignment_pseudonym_unique_per_paper')],
            },
        ),
        migrations.CreateModel(
            name='AwardCandidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wins', models.BooleanField(default=False, help_text='Public once the award is announced')),
                ('laudation', models.TextField(blank=True, help_text='Why it wins; public with the award')),
                ('nominated_at', models.DateTimeField()),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='reviews.award')),
                ('nominated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidacies', to='submissions.submission')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('award', 'submission'), name='award_candidate_unique')],
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cast_at', models.DateTimeField()),
                ('award', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='reviews.award')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('award', 'voter'), name='ballot_one_per_person_and_award')],
            },
        ),
        migrations.CreateModel(
            name='Field',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=150)),
                ('help', models.CharField(blank=True, max_length=500)),
                ('kind', models.CharField(choices=[('scale', 'Scale'), ('choice', 'Choice'), ('text', 'Text')], max_length=10)),
                ('audience', models.CharField(choices=[('authors', 'Authors, committee and organisers'), ('committee', 'Committee and organisers'), ('organisers', 'Organisers only')], default='authors', max_length=12)),
                ('use', models.CharField(blank=True, choices=[('', 'None'), ('overall', 'Overall score'), ('confidence', 'Confidence')], help_text='What the decision table does with it', max_length=12)),
                ('required', models.BooleanField(default=True)),
                ('options', models.JSONField(blank=True, default=list, help_text='[[value, label], ...] of scales and choices')),
                ('max_length', models.PositiveIntegerField(default=10000)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='reviews.form')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('form', 'key'), name='field_key_unique_in_form')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='The title, folded', max_length=300)),
                ('title', models.TextField()),
                ('abstract', models.TextField(blank=True)),
                ('authors', models.JSONField(default=list, help_text='Names, as they stand there')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='reviews.reviewer')),
            ],
            options={
                'ordering': ['-year', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('reviewer', 'key'), name='publication_once_per_reviewer')],
            },
        ),
        migrations.CreateModel(
            name='Bid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(choices=[(-1, 'Rather not'), (1, 'Can review'), (2, 'Want to review')])),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bids', to='submissions.submission')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bids', to='reviews.reviewer')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reviewer', 'submission'), name='bid_unique')],
            },
        ),
        migrations.CreateModel(
            name='Affinity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affinities', to='submissions.submission')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affinities', to='reviews.reviewer')),
            ],
            options={
                'verbose_name_plural': 'affinities',
                'constraints': [models.UniqueConstraint(fields=('reviewer', 'submission'), name='affinity_unique'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 1)), name='affinity_between_0_and_1')],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tagged_at', models.DateTimeField()),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='submissions.submission')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='reviews.tag')),
                ('tagged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['tag__name'],
                'constraints': [models.UniqueConstraint(fields=('tag', 'submission'), name='tagging_once')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', models.PositiveSmallIntegerField()),
                ('ballot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='reviews.ballot')),
                ('candidate', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='reviews.awardcandidate')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ballot', 'candidate'), name='mark_one_per_candidate'), models.CheckConstraint(condition=models.Q(('points__lte', 4)), name='mark_points_at_most_4')],
            },
        ),
        migrations.CreateModel(
            name='MetaReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, help_text="For authors and the paper's reviewers; Markdown")),
                ('recommendation', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('rejected', 'Not accepted')], help_text='To organisers', max_length=10)),
                ('revision', models.PositiveIntegerField(default=0, help_text='Counts every save, so that two tabs notice')),
                ('asked_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='meta_review', to='reviews.assignment')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='meta_review', to='submissions.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('submitted_at__isnull', True), models.Q(models.Q(('text', ''), _negated=True), models.Q(('recommendation', ''), _negated=True)), _connector='OR'), name='meta_review_submitted_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('comment', 'Comment'), ('change', 'Changed review')], default='comment', max_length=10)),
                ('text', models.TextField()),
                ('nonce', models.CharField(blank=True, help_text='Of the form it came from: a second click is none', max_length=12)),
                ('created_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.ForeignKey(blank=True, help_text='Whose pseudonym', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='reviews.assignment')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='reviews.post')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='submissions.submission')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='post_says_something'), models.UniqueConstraint(condition=models.Q(('nonce', ''), _negated=True), fields=('submission', 'writer', 'nonce'), name='post_once_per_form')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted')], default='draft', max_length=10)),
                ('revision', models.PositiveIntegerField(default=1, help_text='Counts every save, so that two tabs notice')),
                ('pending', models.JSONField(blank=True, help_text='Changes typed after submitting and not submitted yet: field key to value', null=True)),
                ('named_to_journal', models.BooleanField(default=False, help_text='Its writer agrees that guest editors of a journal learn who wrote it')),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='reviews.assignment')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='reviews.form')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submitted_at__isnull', False), _connector='OR'), name='review_submitted_has_time')],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(help_text='Lower case', max_length=254)),
                ('reason', models.TextField(help_text='To the organisers')),
                ('state', models.CharField(choices=[('proposed', 'Waits for an organiser'), ('approved', 'Waits for the colleague'), ('done', 'Taken over'), ('refused', 'Not possible')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='reviews.assignment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('colleague', models.ForeignKey(blank=True, help_text='Once approved', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='reviews.reviewer')),
            ],
            options={
                'ordering': ['-proposed_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'approved'])), fields=('assignment',), name='delegation_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'done']), _negated=True), ('colleague__isnull', False), _connector='OR'), name='delegation_approved_has_colleague')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.PositiveSmallIntegerField(choices=[(1, 'Of no use'), (2, 'Thin'), (3, 'Helpful'), (4, 'Outstanding')], validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)])),
                ('note', models.CharField(blank=True, max_length=300)),
                ('rated_at', models.DateTimeField()),
                ('rated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rating', to='reviews.review')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('grade__gte', 1), ('grade__lte', 4)), name='rating_grade_in_scale')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.SmallIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='reviews.field')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='reviews.review')),
            ],
            options={
                'ordering': ['field__position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('review', 'field'), name='answer_once_per_field')],
            },
        ),
        migrations.CreateModel(
            name='ReviewVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('answers', models.JSONField(help_text='Field key to number or text')),
                ('saved_at', models.DateTimeField()),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='reviews.review')),
            ],
            options={
                'ordering': ['-revision'],
                'constraints': [models.UniqueConstraint(fields=('review', 'revision'), name='review_version_unique')],
            },
        ),
    ]
