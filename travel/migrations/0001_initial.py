import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import django_countries.fields
import ml4rs.accounts.models
import travel.models.applications
import travel.models.receipts
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
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('withdrawn', 'Withdrawn'), ('declined', 'Not granted'), ('offered', 'Offered'), ('waiting', 'On the waiting list')], default='draft', max_length=10)),
                ('legal_name', models.CharField(blank=True, max_length=200)),
                ('preferred_name', models.CharField(blank=True, help_text='On the badge, if another one', max_length=200)),
                ('status', models.CharField(blank=True, choices=[('bachelor', "Bachelor's student"), ('master', "Master's student"), ('phd', 'PhD student'), ('other', 'Other')], max_length=10)),
                ('institution', models.CharField(blank=True, max_length=200)),
                ('country', django_countries.fields.CountryField(blank=True, help_text='Of the institution', max_length=2)),
                ('airport', models.CharField(blank=True, help_text='IATA code nearest to the departure', max_length=3)),
                ('will_present', models.BooleanField(default=False)),
                ('amount_minor', models.PositiveBigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('costs', models.JSONField(blank=True, default=dict, help_text="Expected, by line, in the same currency's minor unit")),
                ('least_minor', models.PositiveBigIntegerField(blank=True, help_text='With which it becomes possible', null=True)),
                ('without', models.CharField(blank=True, choices=[('no', 'No'), ('maybe', 'Perhaps, with difficulty'), ('yes', 'Yes')], help_text='Could they come without support', max_length=10)),
                ('arrives_on', models.DateField(blank=True, null=True)),
                ('leaves_on', models.DateField(blank=True, null=True)),
                ('wants_letter', models.BooleanField(default=False)),
                ('other_funding', models.TextField(blank=True)),
                ('benefit', models.TextField(blank=True, help_text='At most 200 words')),
                ('need', models.TextField(blank=True, help_text='At most 150 words')),
                ('is_true', models.BooleanField(default=False, help_text='They say that all of it is true')),
                ('consents', models.BooleanField(default=False, help_text='They agree to who reads it, and until when')),
                ('erase_on', models.DateField(blank=True, help_text='What they were told when they submitted it', null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('edited_in', models.CharField(blank=True, help_text='The browser tab of the last edit', max_length=12)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='travel_applications', to='editions.edition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='travel_applications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'user'), name='application_once_per_person'), models.CheckConstraint(condition=models.Q(('amount_minor__isnull', True), models.Q(('amount_minor__gt', 0), models.Q(('currency', ''), _negated=True)), _connector='OR'), name='application_amount_positive_with_currency'), models.CheckConstraint(condition=models.Q(('least_minor__isnull', True), models.Q(('least_minor__gt', 0), ('least_minor__lte', models.F('amount_minor'))), _connector='OR'), name='application_least_within_amount'), models.CheckConstraint(condition=models.Q(('leaves_on__isnull', True), ('arrives_on__isnull', True), ('leaves_on__gte', models.F('arrives_on')), _connector='OR'), name='application_leaves_after_arriving')],
            },
        ),
        migrations.CreateModel(
            name='Pool',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reserve_minor', models.PositiveBigIntegerField(default=0, help_text='Kept back, never offered')),
                ('overcommit_percent', models.PositiveSmallIntegerField(default=100, help_text='What may be offered, of the rest')),
                ('committed_minor', models.PositiveBigIntegerField(default=0)),
                ('final_figures', models.JSONField(blank=True, help_text='What it did, once who had it is erased', null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='travel_pools', to='editions.edition')),
                ('sponsor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='editions.sponsor')),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'name'), name='pool_name_unique_in_edition'), models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.expressions.CombinedExpression(models.F('committed_minor'), '*', models.Value(100)), django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('amount_minor'), '-', models.F('reserve_minor')), '*', models.F('overcommit_percent'))), name='pool_never_overrun'), models.CheckConstraint(condition=models.Q(('overcommit_percent__gte', 100), ('overcommit_percent__lte', 115)), name='pool_overcommits_little'), models.CheckConstraint(condition=models.Q(('reserve_minor__lte', models.F('amount_minor'))), name='pool_reserve_within_sum')],
            },
        ),
        migrations.CreateModel(
            name='TravelSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('airport', models.CharField(blank=True, help_text='IATA code of the airport nearest to the venue', max_length=3)),
                ('currency', models.CharField(default='EUR', help_text='Offered first in the application', max_length=3)),
                ('students_only', models.BooleanField(default=True)),
                ('merit_weight', models.PositiveSmallIntegerField(default=50, help_text='Per cent of a score')),
                ('need_weight', models.PositiveSmallIntegerField(default=30)),
                ('distance_weight', models.PositiveSmallIntegerField(default=20)),
                ('least_assessments', models.PositiveSmallIntegerField(default=2, help_text='Officers who mark an application before it is answered, as far as there are that many')),
                ('needs_proof', models.BooleanField(default=True, help_text='Proof of status before an application is submitted')),
                ('answers_on', models.DateField(blank=True, help_text='By when applicants hear', null=True)),
                ('erase_on', models.DateField(blank=True, help_text='When all of it is deleted; empty: a year after', null=True)),
                ('warned_for', models.DateField(blank=True, help_text='The day of erasing that officers were told of', null=True)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('offer_days', models.PositiveSmallIntegerField(default=14, help_text='To answer an offer, where it says no other')),
                ('rolls_by_itself', models.BooleanField(default=True, help_text='Returned money goes to the waiting list at once')),
                ('seed', models.CharField(blank=True, help_text='Draws exact ties; its hash is logged when it is made', max_length=43)),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='travel_settings', to='editions.edition')),
            ],
            options={
                'verbose_name_plural': 'travel settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('merit_weight__gte', django.db.models.expressions.CombinedExpression(models.F('need_weight'), '+', models.F('distance_weight'))), ('merit_weight', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('need_weight')), '-', models.F('distance_weight')))), name='travel_merit_outweighs_the_rest'), models.CheckConstraint(condition=models.Q(('least_assessments__lte', 5), ('offer_days__gte', 1), ('offer_days__lte', 90)), name='travel_days_and_assessments_in_reason')],
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merit', models.PositiveSmallIntegerField(choices=[(1, '1, very little'), (2, '2'), (3, '3, solid'), (4, '4'), (5, '5, outstanding')])),
                ('need', models.PositiveSmallIntegerField(choices=[(1, '1, very little'), (2, '2'), (3, '3, solid'), (4, '4'), (5, '5, outstanding')])),
                ('note', models.CharField(blank=True, max_length=500)),
                ('made_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='travel.application')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['made_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('application', 'officer'), name='assessment_once_per_officer'), models.CheckConstraint(condition=models.Q(('merit__gte', 1), ('merit__lte', 5), ('need__gte', 1), ('need__lte', 5)), name='assessment_marks_from_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('email', models.EmailField(max_length=254)),
                ('token_hash', models.CharField(help_text='SHA-256 of the secret in the link', max_length=64)),
                ('times_asked', models.PositiveSmallIntegerField(default=1)),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(choices=[('waiting', 'Asked, no answer yet'), ('confirmed', 'Confirmed'), ('denied', 'Not confirmed')], default='waiting', max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, help_text='To the grants officers', max_length=500)),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='confirmation', to='travel.application')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', 'waiting'), ('answered_at__isnull', True)), models.Q(models.Q(('answer', 'waiting'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='confirmation_answered_at_iff_answered')],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declared_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conflicts', to='travel.application')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('application', 'officer'), name='travel_conflict_once_per_officer')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('message', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('open', 'Waiting for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('revoked', 'Taken back'), ('expired', 'Expired')], default='open', max_length=10)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('offered_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('approved_minor', models.PositiveBigIntegerField(default=0, help_text='Sum of what approved receipts count for')),
                ('paid_minor', models.PositiveBigIntegerField(default=0)),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='travel.application')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pool', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='travel.pool')),
            ],
            options={
                'ordering': ['-offered_at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'accepted'])), fields=('application',), name='one_open_offer_per_application'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='offer_amount_positive'), models.CheckConstraint(condition=models.Q(('paid_minor__lte', models.F('amount_minor')), ('paid_minor__lte', models.F('approved_minor'))), name='offer_paid_within_grant_and_receipts'), models.CheckConstraint(condition=models.Q(('paid_minor', 0), ('state', 'accepted'), _connector='OR'), name='offer_paid_only_when_accepted')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('offer', 'Offer'), ('wait', 'Waiting list'), ('decline', 'Not granted')], max_length=10)),
                ('amount_minor', models.PositiveBigIntegerField(blank=True, help_text='To be offered, now or later', null=True)),
                ('place', models.PositiveIntegerField(default=0, help_text='In the ranking when it was planned')),
                ('planned_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan', to='travel.application')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pool', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='travel.pool')),
            ],
            options={
                'ordering': ['place', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gt', 0), ('answer', 'offer'), ('pool__isnull', False)), models.Q(('amount_minor__gt', 0), ('answer', 'wait'), ('pool__isnull', True)), models.Q(('amount_minor__isnull', True), ('answer', 'decline'), ('pool__isnull', True)), _connector='OR'), name='plan_has_money_iff_offered')],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(max_length=100)),
                ('stored', models.FileField(max_length=200, upload_to=travel.models.applications._proof_name)),
                ('original_name', models.CharField(blank=True, max_length=255)),
                ('uploaded_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='proof', to='travel.application')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reference', models.CharField(blank=True, help_text="The bank's or the accountant's", max_length=100)),
                ('recorded_at', models.DateTimeField()),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='travel.offer')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payment_amount_positive')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=ml4rs.accounts.models.random_public_id, editable=False, max_length=12, unique=True)),
                ('line', models.CharField(choices=[('transport', 'Flight, train or bus'), ('lodging', 'Accommodation'), ('registration', 'Conference registration'), ('visa', 'Visa'), ('local', 'Local transport'), ('other', 'Other')], max_length=12)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('state', models.CharField(choices=[('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('refused', 'Not accepted'), ('withdrawn', 'Withdrawn')], default='submitted', max_length=10)),
                ('counted_minor', models.PositiveBigIntegerField(blank=True, help_text="In the offer's currency", null=True)),
                ('note', models.CharField(blank=True, help_text='To the grantee: why not, or why less', max_length=500)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('content_type', models.CharField(max_length=100)),
                ('stored', models.FileField(max_length=200, upload_to=travel.models.receipts._receipt_name)),
                ('original_name', models.CharField(blank=True, max_length=255)),
                ('handed_in_at', models.DateTimeField()),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('judged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='travel.offer')),
            ],
            options={
                'ordering': ['handed_in_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'approved'])), fields=('offer', 'sha256'), name='receipt_counts_once_per_offer'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='receipt_amount_positive'), models.CheckConstraint(condition=models.Q(models.Q(('counted_minor__gt', 0), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('counted_minor__isnull', True)), _connector='OR'), name='receipt_counted_iff_approved')],
            },
        ),
    ]
