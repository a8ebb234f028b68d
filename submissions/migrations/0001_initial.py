import django.db.models.deletion
import ml4rs.accounts.models
import submissions.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('editions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('number', models.PositiveIntegerField(blank=True, null=True)),
                ('title', models.CharField(blank=True, max_length=250)),
                ('abstract', models.TextField(blank=True, help_text='Markdown with maths')),
                ('keywords', models.CharField(blank=True, max_length=250)),
                ('declarations', models.JSONField(blank=True, default=dict)),
                ('answers', models.JSONField(blank=True, default=dict, help_text="To the track's own questions, by key")),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('withdrawn', 'Withdrawn'), ('desk_rejected', 'Desk-rejected')], default='draft', max_length=15)),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('rejected', 'Not accepted')], max_length=10)),
                ('presentation', models.CharField(blank=True, choices=[('oral', 'Oral'), ('spotlight', 'Spotlight'), ('poster', 'Poster'), ('slide', 'Slide'), ('demo', 'Demo')], max_length=10)),
                ('released_at', models.DateTimeField(blank=True, null=True)),
                ('reviews_shown_at', models.DateTimeField(blank=True, help_text='Reviews in by then are open to its authors for a response, before the decision', null=True)),
                ('conditions', models.TextField(blank=True, help_text='What must change before it is published; for its authors')),
                ('published_at', models.DateTimeField(blank=True, help_text='Since when its files are public', null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('state_reason', models.TextField(blank=True, help_text='Why it was withdrawn or desk-rejected; its authors read it')),
                ('revision', models.PositiveIntegerField(default=1, help_text='Counts every edit of its texts: two tabs notice')),
                ('edited_in', models.CharField(blank=True, help_text='The browser tab of the last edit', max_length=12)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='editions.edition')),
                ('topics', models.ManyToManyField(blank=True, related_name='submissions', to='editions.topic')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='editions.track')),
            ],
            options={
                'ordering': ['number', 'pk'],
                'indexes': [models.Index(fields=['edition', 'state', 'track'], name='submission_edition_state')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'number'), name='submission_number_unique_in_edition'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('number__isnull', False), _connector='OR'), name='submission_has_number_once_submitted'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('released_at__isnull', True)), models.Q(models.Q(('outcome', ''), _negated=True), ('released_at__isnull', False)), _connector='OR'), name='submission_outcome_only_when_released'), models.CheckConstraint(condition=models.Q(('presentation', ''), ('outcome', 'accepted'), _connector='OR'), name='submission_presentation_only_if_accepted'), models.CheckConstraint(condition=models.Q(('conditions', ''), ('outcome', 'accepted'), _connector='OR'), name='submission_conditions_only_if_accepted'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('outcome', 'accepted'), _connector='OR'), name='submission_published_only_if_accepted')],
            },
        ),
        migrations.CreateModel(
            name='FileVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('manuscript', 'Manuscript'), ('supplementary', 'Supplementary file'), ('slide', 'Slide'), ('camera_ready', 'Camera-ready paper'), ('poster', 'Poster'), ('slides', 'Slides')], max_length=20)),
                ('version', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField(help_text='Bytes')),
                ('content_type', models.CharField(max_length=60)),
                ('stored', models.FileField(max_length=200, upload_to=submissions.models._stored_name)),
                ('reviewers_copy', models.FileField(blank=True, max_length=200, upload_to=submissions.models._reviewers_copy_name)),
                ('picture', models.FileField(blank=True, help_text='Of a slide: for screens', max_length=200, upload_to=submissions.models._picture_name)),
                ('original_name', models.CharField(blank=True, help_text='For authors and organisers only', max_length=255)),
                ('uploaded_at', models.DateTimeField()),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='submissions.submission')),
            ],
            options={
                'ordering': ['kind', '-version'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'kind', 'version'), name='file_version_unique'), models.CheckConstraint(condition=models.Q(('sha256__length', 64)), name='file_version_sha256_complete')],
            },
        ),
        migrations.CreateModel(
            name='StudyArea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('west', models.DecimalField(decimal_places=2, max_digits=6)),
                ('east', models.DecimalField(decimal_places=2, max_digits=6)),
                ('south', models.DecimalField(decimal_places=2, max_digits=5)),
                ('north', models.DecimalField(decimal_places=2, max_digits=5)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='areas', to='submissions.submission')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('submission', 'west', 'east', 'south', 'north'), name='area_once_per_paper'), models.CheckConstraint(condition=models.Q(('east__gte', -180), ('east__lte', 180), ('west__gte', -180), ('west__lte', 180)), name='area_longitudes_on_earth'), models.CheckConstraint(condition=models.Q(('north__lte', 90), ('south__gte', -90), ('south__lte', models.F('north'))), name='area_latitudes_on_earth')],
            },
        ),
        migrations.CreateModel(
            name='CameraReady',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_reviewed', models.JSONField(default=dict)),
                ('conditions_answer', models.TextField(blank=True, help_text='How its authors met the conditions')),
                ('conditions_met_at', models.DateTimeField(blank=True, null=True)),
                ('conditions_met_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='camera_ready', to='submissions.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('conditions_met_at__isnull', True), ('conditions_met_by__isnull', True)), models.Q(('conditions_met_at__isnull', False), ('conditions_met_by__isnull', False)), _connector='OR'), name='camera_ready_conditions_met_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('email', models.EmailField(help_text='Lower case', max_length=254)),
                ('affiliation', models.CharField(blank=True, max_length=200)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('orcid', models.CharField(blank=True, max_length=19)),
                ('is_corresponding', models.BooleanField(default=False)),
                ('is_presenter', models.BooleanField(default=False)),
                ('told_at', models.DateTimeField(blank=True, help_text='When this person was told by mail', null=True)),
                ('answer', models.CharField(blank=True, choices=[('confirmed', 'Confirmed'), ('objected', 'Objects')], max_length=10)),
                ('objection', models.TextField(blank=True, help_text="For the paper's authors and organisers")),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='authorships', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='submissions.submission')),
            ],
            options={
                'ordering': ['position'],
                'indexes': [models.Index(fields=['email'], name='authorship_email')],
                'constraints': [models.UniqueConstraint(fields=('submission', 'position'), name='authorship_position_unique'), models.UniqueConstraint(fields=('submission', 'email'), name='authorship_email_unique'), models.UniqueConstraint(condition=models.Q(('is_corresponding', True)), fields=('submission',), name='authorship_one_corresponding'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='authorship_answered_at_iff_answered')],
            },
        ),
        migrations.CreateModel(
            name='CheckReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_version', models.CharField(max_length=20)),
                ('verdict', models.CharField(choices=[('ok', 'In order'), ('warnings', 'Please look'), ('blocked', 'Breaks a rule of the track'), ('refused', 'Not a usable PDF')], max_length=10)),
                ('pages', models.PositiveIntegerField(null=True)),
                ('facts', models.JSONField(default=dict)),
                ('text', models.TextField(blank=True, help_text='What the pages say, a form feed between them')),
                ('checked_at', models.DateTimeField()),
                ('file_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='submissions.fileversion')),
            ],
            options={
                'ordering': ['-checked_at'],
                'constraints': [models.UniqueConstraint(fields=('file_version', 'rule_version'), name='report_once_per_rules')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, help_text="The authors' words; empty where an organiser acted unasked")),
                ('raised_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('passed', 'Let pass'), ('upheld', 'The check stands')], max_length=10)),
                ('codes', models.JSONField(default=list, help_text='The findings that no longer block this file')),
                ('note', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file_version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='dispute', to='submissions.fileversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='dispute_answered_at_iff_answered')],
            },
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('format', 'Format'), ('identity', 'Identity')], default='format', max_length=10)),
                ('severity', models.CharField(choices=[('blocks', 'Must be mended'), ('warns', 'Please look'), ('informs', 'For information')], max_length=10)),
                ('page', models.PositiveIntegerField(help_text='From 1', null=True)),
                ('box', models.JSONField(help_text='[left, bottom, right, top] in points', null=True)),
                ('excerpt', models.CharField(blank=True, max_length=300)),
                ('message', models.CharField(help_text='What is wrong, and the remedy', max_length=500)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='submissions.checkreport')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
