insert into location (reference, folded, name, address, postcode, ward, latitude, longitude, kind, setting)
values (:reference, :folded, :name, :address, :postcode, :ward, :latitude, :longitude, :kind, :setting)
