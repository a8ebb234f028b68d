import django.db.models.deletion
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
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application_id', models.BigIntegerField(unique=True)),
                ('erased_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(help_text='submission.withdrawn', max_length=60)),
                ('subject_type', models.CharField(blank=True, help_text='submissions.submission', max_length=60)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('submission_id', models.BigIntegerField(db_index=True, null=True)),
                ('application_id', models.BigIntegerField(db_index=True, null=True)),
                ('grants_only', models.BooleanField(default=False, help_text="For grants officers' eyes only")),
                ('details', models.JSONField(default=dict, help_text='Before and after, as the verb needs it')),
                ('origin', models.GenericIPAddressField(help_text='From where; empty when the system did it', null=True)),
                ('happened_at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='editions.edition')),
            ],
            options={
                'verbose_name_plural': 'entries',
                'ordering': ['-happened_at', '-pk'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='audit_entry_subject'), models.Index(fields=['edition', '-happened_at'], name='audit_entry_edition_time')],
            },
        ),
    ]
