import django.core.validators
import django.db.models.deletion
import ml4rs.accounts.models
import schedule.models
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
            name='DemoTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='demo_turn', to='submissions.submission')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PlacingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('parameters', models.JSONField(default=dict, help_text='Room in each session, absences, orals as posters too')),
                ('places', models.JSONField(default=list, help_text='[[session, paper, why], ...] by public ids')),
                ('left', models.JSONField(default=list, help_text='[[paper, kind of session, why], ...] without a place')),
                ('figures', models.JSONField(default=dict, help_text='How far from the bound, and how long it took')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('applied', 'In the draft'), ('undone', 'Taken back')], default='proposed', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placing_runs', to='editions.edition')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=40, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(?:-[a-z0-9]+)*$', 'Use lower-case letters, digits and single hyphens.')])),
                ('name', models.CharField(max_length=100)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('boards_in_row', models.PositiveSmallIntegerField(default=6, help_text='How poster boards stand', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(40)])),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='editions.edition')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'slug'), name='room_slug_unique_in_edition')],
            },
        ),
        migrations.CreateModel(
            name='StarList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.CharField(default=schedule.models.new_secret, editable=False, max_length=43, unique=True)),
                ('items', models.JSONField(default=list, help_text='Public ids of sessions and items')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='star_lists', to='editions.edition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='star_lists', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='one_star_list_each')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(help_text='What was done, for the button that undoes it', max_length=300)),
                ('before', models.JSONField(help_text='Sessions and items concerned, by public id; null: it was not there')),
                ('after', models.JSONField(help_text='The same as it left them')),
                ('done_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='editions.edition')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['edition', 'by'], name='schedule_st_edition_f7df96_idx')],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to='editions.edition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='absence_starts_before_it_ends'), models.UniqueConstraint(fields=('edition', 'user', 'starts_at', 'ends_at'), name='absence_stated_once')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('content', models.JSONField(help_text='Sessions and slots as the public sees them')),
                ('digest', models.CharField(editable=False, help_text='SHA-256 of the content: caches go by it', max_length=64)),
                ('changes', models.JSONField(default=list, help_text='What is new since the last version, in words')),
                ('note', models.CharField(blank=True, max_length=300)),
                ('published_at', models.DateTimeField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='releases', to='editions.edition')),
                ('papers', models.ManyToManyField(help_text='Whose withdrawal must be noticed', related_name='releases', to='submissions.submission')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'version'), name='release_version_unique')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('slug', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(?:-[a-z0-9]+)*$', 'Use lower-case letters, digits and single hyphens.')])),
                ('kind', models.CharField(choices=[('opening', 'Opening'), ('keynote', 'Keynote'), ('invited', 'Invited talk'), ('orals', 'Oral talks'), ('spotlights', 'Spotlights'), ('posters', 'Poster session'), ('panel', 'Panel'), ('tutorial', 'Tutorial'), ('break', 'Break'), ('lunch', 'Lunch'), ('awards', 'Awards'), ('closing', 'Closing'), ('other', 'Other')], max_length=12)),
                ('title', models.CharField(max_length=200)),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Order among sessions without a time')),
                ('chairs', models.ManyToManyField(blank=True, help_text='Who chairs, hosts or moderates', related_name='chaired_sessions', to='editions.person')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='editions.edition')),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='schedule.room')),
            ],
            options={
                'ordering': [models.OrderBy(models.F('starts_at'), nulls_last=True), 'position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'slug'), name='session_slug_unique_in_edition'), models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', True), ('starts_at__isnull', True)), ('starts_at__lt', models.F('ends_at')), _connector='OR'), name='session_starts_before_it_ends')],
            },
        ),
        migrations.CreateModel(
            name='Slot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('title', models.CharField(blank=True, help_text="Empty: the paper's, or to be announced", max_length=250)),
                ('abstract', models.TextField(blank=True, help_text='Markdown')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, help_text='Empty: an equal share', null=True)),
                ('board', models.CharField(blank=True, help_text='Poster board', max_length=10)),
                ('url', models.URLField(blank=True, help_text='Where the paper can be read, if not here')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='schedule.session')),
                ('speakers', models.ManyToManyField(blank=True, related_name='slots', to='editions.person')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='submissions.submission')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('submission__isnull', False)), fields=('session', 'submission'), name='slot_paper_once_per_session'), models.UniqueConstraint(condition=models.Q(('board', ''), _negated=True), fields=('session', 'board'), name='slot_board_once_per_session'), models.CheckConstraint(condition=models.Q(('minutes__isnull', True), ('minutes__gte', 1), _connector='OR'), name='slot_minutes_positive')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('slides', 'Slides'), ('video', 'Video'), ('code', 'Code'), ('data', 'Data'), ('meeting', 'Office hours'), ('other', 'Link')], max_length=10)),
                ('label', models.CharField(blank=True, help_text="Empty: the kind's name", max_length=100)),
                ('url', models.URLField(max_length=500)),
                ('visible_from', models.DateTimeField(blank=True, null=True)),
                ('visible_until', models.DateTimeField(blank=True, null=True)),
                ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resources', to='schedule.slot')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('visible_from__isnull', True), ('visible_until__isnull', True), ('visible_from__lt', models.F('visible_until')), _connector='OR'), name='resource_shown_before_it_is_hidden'), models.UniqueConstraint(fields=('slot', 'url'), name='resource_once_per_slot')],
            },
        ),
    ]
