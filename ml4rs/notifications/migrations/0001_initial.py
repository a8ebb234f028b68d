import django.db.models.deletion
import ml4rs.accounts.models
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
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(default=ml4rs.accounts.models.random_public_id, max_length=12)),
                ('created_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('event', models.CharField(help_text='submissions.receipt', max_length=60)),
                ('key', models.CharField(help_text='event, subject and revision: what makes it this mail', max_length=200)),
                ('recipient', models.EmailField(max_length=254)),
                ('recipient_name', models.CharField(blank=True, max_length=200)),
                ('submission_id', models.BigIntegerField(db_index=True, help_text='The paper it concerns, if any', null=True)),
                ('application_id', models.BigIntegerField(db_index=True, help_text='The travel application, if any', null=True)),
                ('grants_only', models.BooleanField(default=False)),
                ('names_papers', models.BooleanField(default=False, help_text='Only for who may know of all papers it concerns')),
                ('batch', models.CharField(blank=True, db_index=True, help_text='Messages of one action', max_length=12)),
                ('subject', models.CharField(max_length=300)),
                ('body_text', models.TextField()),
                ('body_html', models.TextField(blank=True)),
                ('is_markdown', models.BooleanField(default=False, help_text="An edition's own words, not the system's")),
                ('calendar', models.TextField(blank=True, help_text='An iCalendar file that goes with it')),
                ('values', models.JSONField(default=dict, help_text='What stood for the variables of its wording')),
                ('cc', models.EmailField(blank=True, max_length=254)),
                ('state', models.CharField(choices=[('held', 'Held'), ('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('bounced', 'Came back')], default='queued', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('created_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(help_text='Not before; moved on after a failure')),
                ('expires_at', models.DateTimeField(help_text='Not after: a reminder of what is over helps nobody', null=True)),
                ('lease_until', models.DateTimeField(help_text='Until then one worker has it', null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='editions.edition')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'due_at'], name='message_state_due'), models.Index(fields=['edition', '-created_at'], name='message_edition_time'), models.Index(fields=['sent_at'], name='message_sent')],
                'constraints': [models.UniqueConstraint(fields=('key', 'recipient'), name='message_once_per_recipient'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state__in', ['sent', 'bounced'])), models.Q(models.Q(('state__in', ['sent', 'bounced']), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='message_sent_at_iff_sent'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'sending')), models.Q(models.Q(('state', 'sending'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='message_lease_iff_sending')],
            },
        ),
        migrations.CreateModel(
            name='OptOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.EmailField(help_text='Lower case', max_length=254)),
                ('category', models.CharField(max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('address', 'category'), name='opt_out_once_per_category')],
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('submission', 'Submission deadline'), ('bidding', 'Bidding closes'), ('review', 'Reviews due'), ('response', 'Author responses due'), ('notification', 'Acceptance notification'), ('camera_ready', 'Camera-ready deadline'), ('travel', 'Travel support deadline'), ('receipts', 'Travel receipts due'), ('workshop', 'Workshop'), ('journal', 'Journal submission deadline')], max_length=20)),
                ('audience', models.CharField(max_length=60)),
                ('before', models.DurationField(help_text='How long before the milestone; below zero: after it')),
                ('is_active', models.BooleanField(default=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_rules', to='editions.edition')),
            ],
            options={
                'ordering': ['kind', 'audience', '-before'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'kind', 'audience', 'before'), name='reminder_rule_unique')],
            },
        ),
        migrations.CreateModel(
            name='ReminderRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField()),
                ('audience', models.CharField(max_length=60)),
                ('before', models.DurationField()),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('count', models.PositiveIntegerField(default=0, help_text='How many owed something')),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_runs', to='editions.milestone')),
            ],
            options={
                'ordering': ['-started_at'],
                'constraints': [models.UniqueConstraint(fields=('milestone', 'revision', 'audience', 'before'), name='reminder_run_once_per_date')],
            },
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=60)),
                ('subject', models.CharField(max_length=300)),
                ('body', models.TextField(help_text='Markdown with the variables listed beside the form')),
                ('copy', models.BooleanField(default=False, help_text="A copy of each goes to the edition's contact address")),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_templates', to='editions.edition')),
            ],
            options={
                'ordering': ['event'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'event'), name='template_once_per_event')],
            },
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submission_id', models.BigIntegerField(db_index=True)),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='concerns', to='notifications.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'submission_id'), name='concern_once_per_message')],
            },
        ),
    ]
